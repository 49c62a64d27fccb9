# shellcheck shell=bash disable=SC2154 # work, passel, pass, first, second, third: set by run
# What both programs must agree on before it is worth timing.

# Runs `passel` or `pass` with ARGS in a store.
with() {
    local store=$1 program=$2
    shift 2
    PASSWORD_STORE_DIR=$store "$program" "$@" 2>>"$work/log"
}

differ() {
    echo "Benchmarks/run: passel and pass differ: $1" >&2
    diff "$work/ours" "$work/theirs" | head -n 20 >&2 || true
    tail -n 5 "$work/log" >&2
    exit 2
}

# same WHAT STORE ARGS...: equal output, and some.
same() {
    local what=$1 store=$2
    shift 2
    with "$store" "$passel" "$@" >"$work/ours" || differ "$what (passel fails)"
    with "$store" "$pass" "$@" >"$work/theirs" || differ "$what (pass fails)"
    [ -s "$work/ours" ] || differ "$what (nothing came)"
    cmp -s "$work/ours" "$work/theirs" || differ "$what"
}

check_version() {
    with "$work/small" "$passel" --version >"$work/ours" || differ --version
    [ -s "$work/ours" ] || differ --version
}

check_show() {
    same show "$work/small" show e0/site0
    gpg -q -d "$work/small/e0/site0.gpg" 2>/dev/null | cmp -s - "$work/ours" || differ 'show, gpg'
}

check_trees() {
    same 'ls of 10,000' "$work/big" ls
    same 'find in 10,000' "$work/big" find site7
}

check_completion() {
    with "$work/big" "$passel" --complete entries web/ | sort >"$work/ours"
    (cd "$work/big" && printf '%s/\n' web/*) | sort >"$work/theirs"
    cmp -s "$work/ours" "$work/theirs" || differ '--complete entries web/'
    with "$work/big" "$passel" --complete entries --all web/ | sort >"$work/ours"
    (cd "$work/big" && find web -name '*.gpg' | sed 's/\.gpg$//') | sort >"$work/theirs"
    cmp -s "$work/ours" "$work/theirs" || differ '--complete entries --all web/'
}

check_grep() {
    # pass searches in the folder's own order, passel sorted.
    with "$work/small" "$passel" grep needle | sort >"$work/ours"
    with "$work/small" "$pass" grep needle | sort >"$work/theirs"
    [ "$(grep -c needle "$work/ours")" = 10 ] || differ 'grep (ten entries have the word)'
    cmp -s "$work/ours" "$work/theirs" || differ grep
}

# What is found by way of the index is found by plain means, and the key is used once for it.
check_index() {
    local store=$work/guarded counted=$work/counted
    with "$store" "$passel" index build >>"$work/log" || differ 'index build'
    gpg --batch --quiet --passwd guarded@example.org 2>>"$work/log" || refuse 'cannot set a passphrase'
    mkdir -p "$work/counting"
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\necho "$*" >>%s\nexec %s "$@"\n' "$counted" "$(command -v gpg)" >"$work/counting/gpg"
    chmod 700 "$work/counting/gpg"
    local question
    for question in 'find --field url=site99' 'grep needle' 'token ls' 'due --within 36500d'; do
        : >"$counted"
        # shellcheck disable=SC2086 # words of a command
        PATH=$work/counting:$PATH with "$store" "$passel" $question >"$work/ours"
        case $question in
        find*) [ "$(grep -c . "$work/ours")" = 11 ] || differ "$question (eleven entries have the field)" ;;
        token* | due*) [ "$(grep -c 2099 "$work/ours")" = 1000 ] || differ "$question (all are tokens)" ;;
        *) [ "$(grep -c needle "$work/ours")" = 20 ] || differ "$question (twenty entries have the word)" ;;
        esac
        operations=$(grep -e ' -d ' -e ' -d$' "$counted" | grep -vc override-session-key || true)
        echo "$question: operations with the key: $operations" >&2
        [ "$operations" = 1 ] || differ "$question (one operation with the key)"
    done
    with "$work/few" "$pass" grep needle | grep -q needle || differ 'grep in the store of few entries'
}

check_insert() {
    local program copy name result=$work/ours
    for program in "$passel" "$pass"; do
        copy=$work/inserted
        fresh_store "$copy" small
        for name in e0/site0 new/site; do
            with "$copy" "$program" insert -m -f "$name" <"$work/new-value" >>"$work/log"
            gpg -q -d "$copy/$name.gpg" 2>>"$work/log" | cmp -s - "$work/new-value" ||
                differ "insert $name by $program does not hold what was given"
        done
        { git -C "$copy" log --format=%s --name-only && git -C "$copy" status --porcelain; } \
            >"$result"
        result=$work/theirs
    done
    cmp -s "$work/ours" "$work/theirs" || differ 'the history after insert'
}

check_init() {
    local program
    for program in "$passel" "$pass"; do
        fresh_store "$work/init" small
        with "$work/init" "$program" init "$first" "$second" >>"$work/log"
        readers "$work/init" >"$work/$([ "$program" = "$pass" ] && echo theirs || echo ours)"
    done
    [ "$(head -n 1 "$work/ours")" = 1000 ] || differ 'init (500 entries for two keys each)'
    cmp -s "$work/ours" "$work/theirs" || differ init
}

check_add() {
    fresh_store "$work/add" team
    with "$work/add" "$passel" recipients add --yes "$third" >>"$work/log"
    readers "$work/add" >"$work/ours"
    fresh_store "$work/add" team
    with "$work/add" "$pass" init "$first" "$second" "$third" >>"$work/log"
    readers "$work/add" >"$work/theirs"
    [ "$(head -n 1 "$work/ours")" = 3000 ] || differ 'recipients add (1,000 entries for three keys each)'
    cmp -s "$work/ours" "$work/theirs" || differ 'recipients add'
}

# readers STORE: how many packets for keys its entries have, who is in its list, and what is not committed.
readers() {
    find "$1" -name '*.gpg' -print0 | xargs -0 -n 1 gpg --batch --list-packets 2>>"$work/log" |
        grep -c '^:pubkey enc packet'
    sort "$1/.gpg-id"
    git -C "$1" status --porcelain
}

check_check() {
    with "$work/searched" "$passel" recipients check >"$work/ours" || differ 'recipients check'
    [ ! -s "$work/ours" ] || differ 'recipients check (nothing has drifted)'
    fresh_store "$work/drifted" small
    gpg --batch --quiet --recipient "$second" --encrypt <"$work/new-value" >"$work/drifted/e0/site0.gpg"
    if with "$work/drifted" "$passel" recipients check >"$work/ours"; then
        differ 'recipients check (an entry has drifted)'
    fi
    grep -q e0/site0 "$work/ours" || differ 'recipients check (one entry has drifted)'
}

check_sync() {
    local number
    with "$work/synced" "$passel" sync >"$work/ours" || differ 'sync (nothing to do)'
    fresh_pair brought
    with "$work/brought" "$passel" sync >"$work/ours" || differ 'sync (500 entries come)'
    git -C "$work/brought" rev-parse HEAD >"$work/ours"
    git -C "$work/brought.git" rev-parse main >"$work/theirs"
    cmp -s "$work/ours" "$work/theirs" || differ 'sync (500 entries come, and the same commit)'
    gpg -q -d "$work/brought/e49/site499.gpg" 2>>"$work/log" | grep -q 'login: another' || differ 'sync (500 entries)'
    fresh_pair merged
    with "$work/merged" "$passel" sync >"$work/ours" || differ 'sync (50 entries merge)'
    for number in 0 49; do
        gpg -q -d "$work/merged/e$((number / 10))/site$number.gpg" 2>>"$work/log" >"$work/ours"
        grep -q 'login: another' "$work/ours" && grep -q "https://other$number" "$work/ours" ||
            differ 'sync (50 entries merge, and both changes stand)'
    done
    [ -z "$(git -C "$work/merged" status --porcelain)" ] || differ 'sync (50 entries merge, all is committed)'
}

check_status() {
    with "$work/tracked" "$passel" status --short >"$work/ours" || differ status
    echo main >"$work/theirs"
    cmp -s "$work/ours" "$work/theirs" || differ 'status (nothing to tell)'
    echo more >"$work/tracked/web/f500/new.gpg"
    with "$work/tracked" "$passel" status --short >"$work/ours" || differ status
    rm "$work/tracked/web/f500/new.gpg"
    echo 'main *1' >"$work/theirs"
    cmp -s "$work/ours" "$work/theirs" || differ 'status (a file is not committed)'
}

check_backup() {
    rm -f "$work/backup.tar"
    with "$work/tracked" "$passel" backup create -o "$work/backup.tar" >"$work/ours" || differ 'backup create'
    with "$work/tracked" "$passel" backup restore "$work/backup.tar" --into "$work/restored" >"$work/ours" ||
        differ 'backup restore'
    diff -r -x .git "$work/tracked" "$work/restored" >"$work/ours" || differ 'backup restore (the same files)'
    rm -rf "$work/restored"
}
