#!/bin/sh
# One part of a scan, or the merge of all parts, as an array job runs it. Safe to run again, also while an older copy still runs.
#
#   part.sh scan  PARTS OUT PATH... --as-of TIME [other options of `trustsieve scan`]
#   part.sh merge PARTS OUT [options of `trustsieve report`]
#
# OUT is a folder that all machines share, a new one for each audit. A part leaves OUT/part-I-of-N/ with `store.db` and
# the marker `done`, which holds the exit code and the summary; `merge` leaves OUT/result/ in the same way. Both appear in one
# rename, so they are whole or not there. `scan` ends with 0 when the part is done: 1 (a gate failed) and 3 (incomplete) are
# answers too, which `merge` gives in the end. 2 does not become better by trying again, everything else may.
#
# TRUSTSIEVE   the program; words separated by spaces. Default: trustsieve
# PART         which part this is, from 1, where the engine sets none of the variables below
# FIRST_INDEX  what Slurm's array begins with. Default: 1, as in --array=1-20
# REPORTS      what `merge` writes. Default: report.html findings.csv
# TMPDIR       local disk with room for the store, because SQLite is not made for network file systems. Default: /tmp
set -eu
umask 077

say() { printf 'part.sh: %s\n' "$*" >&2; }
refuse() {
  say "$*"
  exit 2
}
fail() {
  say "$*"
  exit 5
}
number() {
  case $2 in '' | *[!0-9]* | 0?*) refuse "$1 is to be a number, not \`$2\`" ;; esac
}

# Which part this is, by the variable of the engine. With those of two engines it would be a guess.
part_of_job() {
  found=''
  for name in PART SLURM_ARRAY_TASK_ID JOB_COMPLETION_INDEX AWS_BATCH_JOB_ARRAY_INDEX; do
    eval "value=\${$name-}"
    [ -n "$value" ] || continue
    [ -z "$found" ] || refuse "both $found and $name are set"
    number "$name" "$value"
    found=$name index=$value
  done
  case $found in
    '') refuse 'none of PART, SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and AWS_BATCH_JOB_ARRAY_INDEX is set' ;;
    PART) first=1 ;;
    SLURM_ARRAY_TASK_ID) first=${FIRST_INDEX:-1} ;;
    *) first=0 ;;
  esac
  number FIRST_INDEX "$first"
  part=$((index - first + 1))
  if [ "$part" -lt 1 ] || [ "$part" -gt "$parts" ]; then
    refuse "$found=$index is none of $parts parts, counted from $first"
  fi
}

# A local folder for this process, and the end of those whose process was killed on this machine.
make_scratch() {
  for old in "${TMPDIR:-/tmp}"/trustsieve-part.*; do
    owner=${old##*/trustsieve-part.}
    case ${owner%%.*} in '' | *[!0-9]*) continue ;; esac
    kill -0 "${owner%%.*}" 2>/dev/null || rm -rf "$old" 2>/dev/null || :
  done
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/trustsieve-part.$$.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  mkdir "$scratch/new"
}

# Runs the program; `code` becomes its exit code. A signal is passed on, and what it ended is no answer.
run() {
  # shellcheck disable=SC2086 # the program may be several words
  ${TRUSTSIEVE:-trustsieve} "$@" >>"$scratch/summary" &
  child=$!
  while :; do
    code=0
    wait "$child" || code=$?
    kill -0 "$child" 2>/dev/null || break
  done
  [ -z "$stopped" ] || exit "$stopped"
}

# Takes back what an earlier run left under this name: what will stand there must be of the evidence as it is now.
retract() {
  [ -e "$out/$1" ] || return 0
  old=$(mktemp -d "$out/.$1.XXXXXX")
  mv "$out/$1" "$old/" 2>/dev/null || :
  rm -rf "$old"
}

# The marker: the exit code, what was asked for, the checksum of the store, the summary.
mark() {
  [ -s "$scratch/new/store.db" ] || fail 'the program left no store'
  printf 'exit code: %s\noptions: %s\nstore: %s\n\n' "$1" "$2" "$(cksum <"$scratch/new/store.db")" >"$scratch/new/done"
  # Not where it was written, which is no more.
  sed '/^written$/,$d' "$scratch/summary" >>"$scratch/new/done"
}

# Shows $scratch/new as OUT/NAME. Of two copies the first stays: `mv` puts the second one inside, from where it goes.
publish() {
  copy=$(mktemp -d "$out/.$1.XXXXXX")
  if cp "$scratch/new/"* "$copy/" && mv "$copy" "$out/$1"; then
    rm -rf "${out:?}/$1/${copy##*/}"
  elif [ ! -e "$out/$1/done" ]; then
    rm -rf "$copy"
    fail "cannot write $out/$1"
  fi
  # What killed copies left. One that still lives finds that the work is done.
  rm -rf "$out/.$1."*
}

scan() {
  part_of_job
  case " $* " in *' --as-of '* | *' --as-of='*) ;; *) refuse 'name --as-of TIME, or each part has its own' ;; esac
  case " $* " in *' --db '* | *' --db='* | *' --shard '* | *' --shard='*) refuse '--db and --shard are set here' ;; esac
  name=part-$part-of-$parts
  retract "$name"
  run scan "$@" --shard "$part/$parts" --db "$scratch/new/store.db"
  cat "$scratch/summary"
  case $code in
    0 | 1 | 3) ;;
    *)
      say "$name failed with exit code $code"
      exit "$code"
      ;;
  esac
  mark "$code" "$*"
  publish "$name"
  say "$name is done, exit code $code"
}

merge_parts() {
  set --
  i=0
  while [ "$i" -lt "$parts" ]; do
    i=$((i + 1))
    set -- "$@" "$out/part-$i-of-$parts/store.db"
  done
  run merge "$@" --db "$scratch/new/store.db"
}

# Refuses what is not all parts of one audit; `gate` becomes 1 when the gate of a part failed.
check_parts() {
  i=0 missing='' asked='' gate=0
  while [ "$i" -lt "$parts" ]; do
    i=$((i + 1)) folder=$out/part-$i-of-$parts
    if [ ! -e "$folder/done" ]; then
      missing="$missing $i"
      continue
    fi
    options=$(sed -n '2s/^options: //p' "$folder/done")
    [ "${asked:=$options}" = "$options" ] || refuse "part $i was scanned with other options than those before it: $options"
    [ "$(sed -n '3s/^store: //p' "$folder/done")" = "$(cksum <"$folder/store.db")" ] ||
      refuse "$folder/store.db is not what its part left"
    case $(sed 1q "$folder/done") in *' 1') gate=1 ;; esac
  done
  [ -z "$missing" ] || refuse "of $parts parts these are not done:$missing"
}

merge() {
  check_parts
  retract result
  worst=$gate
  answer() {
    case $code in 0) ;; 1) [ "$worst" -eq 3 ] || worst=1 ;; 3) worst=3 ;; *) exit "$code" ;; esac
  }
  merge_parts
  answer
  for report in ${REPORTS-report.html findings.csv}; do
    run report --db "$scratch/new/store.db" --output "$scratch/new/$report" "$@"
    answer
  done
  cat "$scratch/summary"
  mark "$worst" "$*"
  publish result
  say "$out/result is done, exit code $worst"
  exit "$worst"
}

[ $# -ge 3 ] || refuse 'usage: part.sh scan PARTS OUT PATH... --as-of TIME [option...], or part.sh merge PARTS OUT [option...]'
command=$1 parts=$2 out=$3 stopped='' child=''
shift 3
number PARTS "$parts"
[ -d "$out" ] || refuse "there is no folder $out"
trap 'stopped=143; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || :' TERM
trap 'stopped=130; [ -z "$child" ] || kill -INT "$child" 2>/dev/null || :' INT
make_scratch
case $command in
  scan | merge) "$command" "$@" ;;
  *) refuse "\`$command\` is neither scan nor merge" ;;
esac
