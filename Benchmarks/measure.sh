# shellcheck shell=bash disable=SC2154 # work, store, passel, pass: set by run
# Measuring: every row's programs take turns, so that what else the machine does meets all of them.

# timed ROW ROUNDS,RUNS NAME=COMMAND...: times of each command into results/ROW.NAME.ROUND.json.
timed() {
    local row=$1 rounds=${2%,*} runs=${2#*,} round one name command
    shift 2
    echo "measuring $row" >&2
    for ((round = 0; round < rounds; round++)); do
        for one; do
            name=${one%%=*} command=${one#*=}
            options=(-N --style none --output pipe --runs "$runs" --export-json
                "$work/results/$row.$name.$round.json")
            prepare "$row" "$name"
            if ! PASSWORD_STORE_DIR=$place hyperfine "${options[@]}" "$command" >"$work/hyperfine" 2>&1; then
                cat "$work/hyperfine" >&2
                refuse "cannot measure $row of $name"
            fi
        done
    done
}

# What comes before each run of a row: nothing for what only reads, else a store as it was.
prepare() {
    local row=$1 name=$2
    place=$store
    case $row in
    insert-*)
        place=$work/$row-$name
        [ -d "$place" ] || fresh_store "$place" small
        # Back to the first commit, and nothing left for passel's flushes but its own.
        options+=(--warmup 1 --prepare "$(script "git -C '$place' reset -q --hard first; sync -f '$place'")")
        ;;
    init | add)
        place=$work/$row
        local made=small
        [ "$row" = init ] || made=team
        options+=(--prepare "$(script "$(declare -f fresh_store settle_index aside); work='$work'; fresh_store '$place' $made")")
        ;;
    brought | merged)
        place=$work/$row
        options+=(--prepare "$(script "$(declare -f fresh_pair settle_index aside); work='$work'; fresh_pair '$row'")")
        ;;
    # pass has the 30 of them that are scaled up.
    grep-warm) [ "$name" = passel ] || place=$work/few ;;
    grep) ;;
    *) options+=(--warmup 2) ;;
    esac
}

# A command line without a shell's own syntax, as hyperfine -N wants it, that runs TEXT.
script() {
    scripts=$((${scripts:-0} + 1))
    local file
    file=$(mktemp "$work/prepare.XXXXXX")
    printf 'set -eu\n%s\n' "$1" >"$file"
    echo "bash $file"
}

# COMMAND with its standard input, which hyperfine 1.15 cannot give, and dash's half a millisecond on either side.
fed() {
    echo "sh -c 'exec $1 <$work/new-value'"
}

# memory ROW NAME=COMMAND...: the peak in KiB of each command, its children included, into results/ROW.NAME.peak.
memory() {
    local row=$1 one
    shift
    echo "measuring $row" >&2
    for one; do
        # shellcheck disable=SC2086 # words of a command
        PASSWORD_STORE_DIR=$store /usr/bin/time -f %M -o "$work/results/$row.${one%%=*}.peak" \
            ${one#*=} >/dev/null 2>>"$work/log" || refuse "cannot measure $row of ${one%%=*}"
    done
}

# What the figures were taken with; no date, so that a run that finds the same changes nothing.
describe_machine() {
    local size
    size=$(awk '$1 == "MemTotal:" { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
    cat <<END
# Benchmark results

Made by \`make bench\`: medians, the programs of a row taking turns; pass is the real one. Ratios are passel's time
divided by the other program's. Smaller is better everywhere.

- Machine: $(nproc) cores, $size GB, $(uname -sr), store on $(stat -f -c %T "$work")
- passel $(with "$work/small" "$passel" --version | grep -o 'passel [0-9.]*' | head -n 1 | cut -d ' ' -f 2), \
pass 1.7.4, $(gpg --version | head -n 1), $(git --version), $(tree --version | cut -d ' ' -f 1,2), \
$(hyperfine --version), bash ${BASH_VERSION%%(*}
- Key: ed25519 with a cv25519 subkey, no passphrase, agent running; of the
  rows with a passphrase the same with one, which the agent keeps

END
}
