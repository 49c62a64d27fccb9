# shellcheck shell=bash disable=SC2034,SC2154 # first, second, third: for run; work, searched_in_memory: set by run
# The keys and stores that are measured.
#
#   small     500 entries of different content in folders of ten, in git
#   big       10,000 entries below web/ in folders of ten, hard links to 200 files, not in git
#   searched  the same in copies, for what would read a file of several names once; 1,000 in a quick run
#   team      1,000 entries for two keys in folders of ten, in git
#   tracked   10,000 entries of different content below web/ in folders of ten, in git, with a remote that has the same
#   synced    as small, with a remote that has the same
#   brought   as small, with a remote in which every entry was changed since
#   guarded   1,000 tokens in folders of ten for a key that gets a passphrase, not in git
#   few       the first 30 of them
#   merged    as small, with a remote in which 50 entries were changed since, as they were here, in other lines

make_keys() {
    mkdir -m 700 "$GNUPGHOME"
    # The agent asks for the passphrase once, and keeps it; the key is derived from it each time.
    cat >"$work/pinentry" <<'END'
#!/bin/sh
echo OK
while read -r word rest; do
    case $word in
    GETPIN) printf 'D guarded\nOK\n' ;;
    BYE) echo OK && exit ;;
    *) echo OK ;;
    esac
done
END
    chmod 700 "$work/pinentry"
    printf '%s\n' "pinentry-program $work/pinentry" 'default-cache-ttl 86400' 'max-cache-ttl 86400' \
        >"$GNUPGHOME/gpg-agent.conf"
    local name
    # The last one gets a passphrase once there is an index.
    for name in first second third guarded; do
        gpg --batch --quiet --passphrase '' --quick-generate-key "$name <$name@example.org>" \
            future-default default never 2>>"$work/log"
    done
    guarded=$(fingerprint guarded)
    first=$(fingerprint first)
    second=$(fingerprint second)
    third=$(fingerprint third)
    # Otherwise whoever comes first after the new keys pays for it.
    gpg --batch --quiet --no-tty --check-trustdb 2>>"$work/log"
    git config --global user.name Bench
    git config --global user.email bench@example.org
    git config --global init.defaultBranch main
    # What git packs by itself is packed when it is measured.
    git config --global gc.autoDetach false
}

fingerprint() {
    gpg --batch --with-colons --list-keys "$1@example.org" 2>>"$work/log" | awk -F: '$1 == "fpr" { print $10; exit }'
}

make_stores() {
    git_store small 500 "$first"
    git_store team 1000 "$first" "$second"
    guarded_stores
    big_store big 10000 200
    big_store searched "$searched_in_memory" "$searched_in_memory"
    different_store tracked 10000
    into_git "$work/tracked"
    remote_of tracked
    git -C "$work/tracked" push -q origin main
    settle_index "$work/tracked"
    synced_stores
    sync -f "$work"
    # `pass insert` onto an existing entry and as a new one, and what it is to hold.
    printf 'Vb3-mN8x\nlogin: another\n' >"$work/new-value"
}

# git_store NAME ENTRIES KEY...; each entry has the line of the variable also, too
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
        [ -z "${also:-}" ] || echo "$also" >>"$folder/site$number"
    done
    encrypt_new "$store" "$@"
    # The file that pass writes on `git init`.
    echo '*.gpg diff=gpg' >"$store/.gitattributes"
    into_git "$store"
    git -C "$store" tag first
}

# encrypt_new STORE KEY...: the entries that lie there in clear.
encrypt_new() {
    local store=$1
    shift
    # shellcheck disable=SC2046 # options
    find "$store" -name 'site*' ! -name '*.gpg' -print0 |
        xargs -0 gpg --batch --quiet $(printf -- '--recipient %s ' "$@") --encrypt-files
    find "$store" -name 'site*' ! -name '*.gpg' -delete
}

# The stores for the key with a passphrase: pass needs a quarter of an hour for all of the first.
guarded_stores() {
    also='expires: 2099-12-31' git_store guarded 1000 "$guarded"
    rm -rf "$work/guarded/.git" "$work/guarded/.gitattributes"
    mkdir "$work/few"
    cp -a "$work/guarded/.gpg-id" "$work/guarded/e0" "$work/guarded/e1" "$work/guarded/e2" "$work/few"
}

# Folders with an .envrc: one without a secret, and one with five of each of two stores, whose entries both have.
make_projects() {
    local name
    mkdir -p "$work/path" "$HOME/.config"
    ln -s "$passel" "$work/path/passel"
    "$passel" setup direnv 2>>"$work/log"
    cp -a "$work/small" "$work/visited"
    for name in nothing visited guarded; do
        mkdir "$work/project-$name"
        echo 'use passel e0/site0 e0/site1 e0/site2 e0/site3 e0/site4' >"$work/project-$name/.envrc"
    done
    echo 'export A=1' >"$work/project-nothing/.envrc"
    for name in nothing visited guarded; do direnv allow "$work/project-$name" 2>>"$work/log"; done
    with "$work/visited" "$passel" index build >>"$work/log"
}

# come_into NAME: what a shell does that comes into a project's folder.
come_into() {
    script "cd '$work/project-$1' && PATH='$work/path':\$PATH exec direnv export bash 2>>'$work/log'"
}

into_git() {
    git -C "$1" init -q
    git -C "$1" config diff.gpg.binary true
    git -C "$1" config diff.gpg.textconv 'gpg -d --quiet --yes --compress-algo=none --no-encrypt-to'
    git -C "$1" add .
    git -C "$1" commit -q -m 'Add current contents of password store.'
}

# remote_of NAME: a bare repository beside the store, which the store knows as its upstream.
remote_of() {
    git init -q --bare "$work/$1.git"
    git -C "$work/$1" remote add origin "$work/$1.git"
    git -C "$work/$1" config branch.main.remote origin
    git -C "$work/$1" config branch.main.merge refs/heads/main
}

# The stores with a remote: what is there is pushed, then changed on either side.
synced_stores() {
    local name
    for name in synced brought merged; do
        cp -a "$work/small" "$work/$name"
        remote_of "$name"
        git -C "$work/$name" push -q origin main
    done
    exchanged_before brought
    rewrite "$work/elsewhere" 500 'login: another' 'url: https://site%d.example.org'
    git -C "$work/elsewhere" push -q origin main
    aside "$work/elsewhere"
    exchanged_before merged
    rewrite "$work/elsewhere" 50 'login: another' 'url: https://site%d.example.org'
    git -C "$work/elsewhere" push -q origin main
    aside "$work/elsewhere"
    rewrite "$work/merged" 50 'login: somebody' 'url: https://other%d.example.org'
    for name in synced brought merged; do settle_index "$work/$name"; done
}

# exchanged_before NAME: a second clone, `elsewhere`, from which passel took an entry already, as in daily use: the same,
# encrypted anew.
exchanged_before() {
    git clone -q "$work/$1.git" "$work/elsewhere"
    rewrite "$work/elsewhere" 1 'login: somebody' 'url: https://site%d.example.org'
    git -C "$work/elsewhere" push -q origin main
    with "$work/$1" "$passel" sync >>"$work/log" 2>&1
}

# rewrite STORE COUNT LOGIN URL: the first entries with these lines, in one commit.
rewrite() {
    local store=$1 count=$2 number file
    for ((number = 0; number < count; number++)); do
        file=$store/e$((number / 10))/site$number
        rm "$file.gpg"
        # shellcheck disable=SC2059 # the format is a parameter
        printf "Xk7-%d-pQ2w\n$3\n$4\n" $number $number >"$file"
        ((number % 50)) || echo 'note: the needle' >>"$file"
    done
    encrypt_new "$store" "$first"
    git -C "$store" commit -q -a -m 'Change entries.'
}

# git takes files as young as its index for possibly changed, and reads them again each time.
settle_index() {
    find "$1" -name .git -prune -o -type f -name '*.gpg' -exec touch -d '2001-01-01' {} +
    git -C "$1" update-index -q --really-refresh
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

# different_store NAME ENTRIES: each is an object of its own for git.
different_store() {
    local store=$work/$1
    mkdir "$store"
    echo "$first" >"$store/.gpg-id"
    python3 - "$store/web" "$2" <<'END'
import os, sys
web, entries = sys.argv[1], int(sys.argv[2])
for number in range(entries):
    folder = f"{web}/f{number // 10}"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/site{number % 10}", "w") as entry:
        entry.write(f"Xk7-{number}-pQ2w\nlogin: somebody\nurl: https://site{number}.example.org\n")
END
    encrypt_new "$store" "$first"
}

# fresh_store COPY NAME: a copy of a store as good as one in daily use: git knows its files, nothing waits to be
# written, and passel has never seen it.
fresh_store() {
    aside "$1" "$HOME/.local/state/passel/${1##*/}-"*
    cp -a "$work/$2" "$1"
    settle_index "$1"
    # passel flushes what it writes; it shall not flush what this copy wrote.
    sync -f "$1"
}

# fresh_pair NAME: a store and its remote as they were made, in the place that the store's configuration names, and
# what passel remembers of it.
fresh_pair() {
    local side state
    state=("$HOME/.local/state/passel/$1-"*)
    for side in "$1" "$1.git"; do
        [ -d "$work/made/$side" ] || { mkdir -p "$work/made" && cp -a "$work/$side" "$work/made/$side"; }
        aside "$work/$side"
        cp -a "$work/made/$side" "$work/$side"
    done
    [ -d "$work/made/$1.state" ] || cp -a "${state[0]}" "$work/made/$1.state"
    aside "${state[0]}"
    cp -a "$work/made/$1.state" "${state[0]}"
    settle_index "$work/$1"
    sync -f "$work/$1"
}

# aside PATH...: moved away, not deleted. A file system without a journal looks past all that was freed in the last
# minutes, so that each file of the next run would take its time.
aside() {
    local one
    for one; do
        [ ! -e "$one" ] || mv "$one" "$(mktemp -d "$work/aside.XXXXXX")"
    done
}
