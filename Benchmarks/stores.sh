# shellcheck shell=bash disable=SC2034,SC2154 # first, second, third: for run; work, searched_in_memory: set by run
# The keys and stores that are measured.
#
#   small     500 entries of different content in folders of ten, in git
#   big       10,000 entries below web/ in folders of ten, hard links to 200 files, not in git
#   searched  the same in copies, for what would read a file of several names once; 1,000 in a quick run
#   team      1,000 entries for two keys in folders of ten, in git

make_keys() {
    mkdir -m 700 "$GNUPGHOME"
    local name
    for name in first second third; do
        gpg --batch --quiet --passphrase '' --quick-generate-key "$name <$name@example.org>" \
            future-default default never 2>>"$work/log"
    done
    first=$(fingerprint first)
    second=$(fingerprint second)
    third=$(fingerprint third)
    # Otherwise whoever comes first after the new keys pays for it.
    gpg --batch --quiet --no-tty --check-trustdb 2>>"$work/log"
    git config --global user.name Bench
    git config --global user.email bench@example.org
    git config --global init.defaultBranch main
}

fingerprint() {
    gpg --batch --with-colons --list-keys "$1@example.org" 2>>"$work/log" | awk -F: '$1 == "fpr" { print $10; exit }'
}

make_stores() {
    git_store small 500 "$first"
    git_store team 1000 "$first" "$second"
    big_store big 10000 200
    big_store searched "$searched_in_memory" "$searched_in_memory"
    sync -f "$work"
    # `pass insert` onto an existing entry and as a new one, and what it is to hold.
    printf 'Vb3-mN8x\nlogin: another\n' >"$work/new-value"
}

# git_store NAME ENTRIES KEY...
git_store() {
    local store=$work/$1 entries=$2 number folder
    shift 2
    mkdir "$store"
    printf '%s\n' "$@" >"$store/.gpg-id"
    for ((number = 0; number < entries; number++)); do
        folder=$store/e$((number / 10))
        mkdir -p "$folder"
        printf 'Xk7-%d-pQ2w\nlogin: somebody\nurl: https://site%d.example.org\n' $number $number \
            >"$folder/site$number"
        ((number % 50)) || echo 'note: the needle' >>"$folder/site$number"
    done
    # shellcheck disable=SC2046 # options
    find "$store" -name 'site*' -print0 |
        xargs -0 gpg --batch --quiet $(printf -- '--recipient %s ' "$@") --encrypt-files
    find "$store" -name 'site*' ! -name '*.gpg' -delete
    # The file that pass writes on `git init`.
    echo '*.gpg diff=gpg' >"$store/.gitattributes"
    git -C "$store" init -q
    git -C "$store" config diff.gpg.binary true
    git -C "$store" config diff.gpg.textconv 'gpg -d --quiet --yes --compress-algo=none --no-encrypt-to'
    git -C "$store" add .
    git -C "$store" commit -q -m 'Add current contents of password store.'
    git -C "$store" tag first
}

# big_store NAME ENTRIES FILES
big_store() {
    local store=$work/$1 entries=$2 files=$3
    mkdir -p "$store/web"
    echo "$first" >"$store/.gpg-id"
    python3 - "$work/small/e0/site0.gpg" "$store/web" "$entries" "$files" <<'END'
import os, sys
message, web, entries, files = open(sys.argv[1], "rb").read(), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
made = []
for number in range(entries):
    folder = f"{web}/f{number // 10}"
    if number % 10 == 0:
        os.mkdir(folder)
    name = f"{folder}/site{number % 10}.gpg"
    if number < files:
        with open(name, "wb") as entry:
            entry.write(message)
        made.append(name)
    else:
        os.link(made[number % files], name)
END
}

# fresh_store COPY NAME: a copy of a store as good as one in daily use: git knows its files, nothing waits to be
# written, and passel has never seen it.
fresh_store() {
    rm -rf "$1" "$HOME/.local/state"
    cp -a "$work/$2" "$1"
    # git takes files as young as its index for possibly changed, and reads them again each time.
    find "$1" -type f -path '*/e*' -exec touch -d '2001-01-01' {} +
    git -C "$1" update-index -q --really-refresh
    # passel flushes what it writes; it shall not flush what this copy wrote.
    sync -f "$1"
}
