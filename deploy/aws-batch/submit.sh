#!/bin/sh
# Sends the array and the merge that waits for it, to the queue that is named: sh submit.sh QUEUE
set -eu
PARTS=20 # as in template.yaml
array=$(aws batch submit-job --job-name trustsieve-scan --job-queue "$1" --job-definition trustsieve \
  --array-properties "size=$PARTS" --query jobId --output text)
aws batch submit-job --job-name trustsieve-merge --job-queue "$1" --job-definition trustsieve \
  --depends-on "jobId=$array" --container-overrides "command=merge,$PARTS,/audit/out"
