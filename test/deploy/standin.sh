#!/bin/sh
# Stands in for trustsieve: what it stores and prints tells how it was called. The folder STANDIN steers it: the file named as the
# command holds what it ends with (a code, `kill`, or `empty` for no store), and while `hold` is there, a scan does not end.
set -eu
trap 'echo TERM >>"$STANDIN/signals"; exit 3' TERM
command=$1 db='' shard='' output='' answer=0
echo "$*" >>"$STANDIN/calls"
while [ $# -gt 0 ]; do
  case $1 in --db) db=$2 ;; --shard) shard=$2 ;; --output) output=$2 ;; esac
  shift
done
[ ! -e "$STANDIN/$command" ] || answer=$(cat "$STANDIN/$command")
case $command in
  scan) echo "store of $shard by $$" >"$db" ;;
  merge) echo merged >"$db" ;;
  report) cp "$db" "$output" ;;
esac
printf 'summary of %s %s\n\nwritten\n  store  %s\n' "$command" "$shard" "$db"
if [ "$command" = scan ]; then
  echo "$$" >>"$STANDIN/running"
  while [ -e "$STANDIN/hold" ]; do sleep 0.02; done
fi
case $answer in
  kill) kill -9 $$ ;;
  empty) rm "$db" ;;
  *) exit "$answer" ;;
esac
