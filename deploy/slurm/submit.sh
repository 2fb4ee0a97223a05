#!/bin/sh
# Sends the array and the merge that waits for it. Adapt the settings, then: sh deploy/slurm/submit.sh
set -eu
PARTS=${PARTS:-20}
EVIDENCE=${EVIDENCE:-/shared/evidence}
OUT=${OUT:-/shared/audit} # a new folder for each audit, which all nodes share
OPTIONS=${OPTIONS:---as-of 2026-06-30 --accounts /shared/accounts.json}
DEPLOY=$(cd "$(dirname "$0")/.." && pwd) # all nodes read part.sh here
export PARTS OUT DEPLOY TRUSTSIEVE="${TRUSTSIEVE:-trustsieve}"

mkdir -p "$OUT/log"
# shellcheck disable=SC2086 # options are words
array=$(sbatch --parsable --array="1-$PARTS" --output="$OUT/log/part-%a.txt" "$DEPLOY/slurm/scan.sbatch" "$EVIDENCE" $OPTIONS)
merge=$(sbatch --parsable --dependency="afterok:$array" --output="$OUT/log/merge.txt" "$DEPLOY/slurm/merge.sbatch")
echo "array $array, merge $merge; result in $OUT/result"
