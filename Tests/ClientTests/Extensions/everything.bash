# shellcheck shell=bash
# A made-up extension that uses every function and every variable pass offers to extensions.
# It is run by the real pass and by passel on equal stores; both must say and do the same.

local top_level='local is legal here'
echo "$top_level; ${0##*/} has $# arguments: [$1] [$2]"

echo '== variables'
[[ $PREFIX == "$PASSWORD_STORE_DIR" ]] && echo 'PREFIX is the store'
[[ $EXTENSIONS == "$PREFIX/.extensions" ]] && echo 'EXTENSIONS is in the store'
[[ $GIT_CEILING_DIRECTORIES == "$PREFIX/.." ]] && echo 'git looks no further than the store'
echo "$PROGRAM $COMMAND $GETOPT $GPG (${#GPG_OPTS[@]}) $SYSTEM_EXTENSION_DIR $SHRED $BASE64"
printf '<%s>\n' "${GPG_OPTS[@]}"
echo "$CLIP_TIME $X_SELECTION $GENERATED_LENGTH $CHARACTER_SET $CHARACTER_SET_NO_SYMBOLS"
echo "umask $(umask), GPG_TTY $GPG_TTY, GIT_DIR ${GIT_DIR-unset}"
false | true || echo 'pipefail is on'
env | grep -E '^(PREFIX|GPG|GPG_OPTS|PROGRAM|COMMAND|EXTENSIONS|CLIP_TIME|PASSEL_[A-Z_]*)='
declare -F | grep -E ' (cmd_|die|yesno|check_|set_|git_|verify|reencrypt|tmpdir|clip|qrcode)' | sort

# A function that may end the program runs in a subshell, so that the next one gets its turn.
try() { echo "-- ${*//$PREFIX/STORE}"; ("$@"; echo 'it returned'); echo "status $?"; }

# The order of the lines and git's summary are tested elsewhere.
said() {
    ("$@") >"$HOME/said" 2>&1
    echo "-- $*"
    grep -v '^\[master\|^ ' "$HOME/said" | sort
}

echo '== die, yesno, check_sneaky_paths'
try die 'a message' 'of two words'
try yesno 'Really?'
try check_sneaky_paths web/site ..a a.. ...
try check_sneaky_paths web/site a/../b
try check_sneaky_paths ..

echo '== set_gpg_recipients'
for folder in . web web/deeper/still team; do
    set_gpg_recipients "$folder"
    printf '%s:' "$folder"; printf ' <%s>' "${GPG_RECIPIENTS[@]}" / "${GPG_RECIPIENT_ARGS[@]}"; echo
done

echo '== gpg, set_git, git_add_file, git_commit'
printf 'made by hand\n' | $GPG -e "${GPG_RECIPIENT_ARGS[@]}" -o "$PREFIX/team/hand.gpg" "${GPG_OPTS[@]}"
$GPG -d "${GPG_OPTS[@]}" "$PREFIX/team/hand.gpg"
INNER_GIT_DIR=; git_add_file "$PREFIX/team/hand.gpg" 'Never written.'; echo "outside a repository: $?"
git_commit 'Never written.'; echo "outside a repository: $?"
set_git /nowhere/at/all; echo "elsewhere: [$INNER_GIT_DIR] $?"
set_git "$PREFIX/not/yet/there.gpg"; echo "new folder: [${INNER_GIT_DIR/$PREFIX/STORE}] $?"
set_git "$PREFIX/team/hand.gpg"; echo "entry: [${INNER_GIT_DIR/$PREFIX/STORE}] $?"
git_add_file "$PREFIX/team/hand.gpg" 'Add an entry by hand.'; echo "changed: $?"
git_add_file "$PREFIX/team/hand.gpg" 'Never written.'; echo "unchanged: $?"
printf 'staged\n' >"$PREFIX/team/note"; git -C "$INNER_GIT_DIR" add "$PREFIX/team/note"
git_commit 'Add a note.'; echo "staged: $?"

echo '== verify_file, reencrypt_path'
try verify_file "$PREFIX/.gpg-id"
printf 'bob@example.org\n' >"$PREFIX/team/.gpg-id"
# passel wants a list that was written by hand to be looked at; here it is seen for the first time.
rm -rf "${XDG_STATE_HOME:-$HOME/.local/state}/passel"
try reencrypt_path "$PREFIX/team"
git_add_file "$PREFIX/team" 'Give the team to bob.'

echo '== tmpdir'
tmpdir; echo "status $?"
[[ $SECURE_TMPDIR =~ ^/dev/shm/"$PROGRAM"\.[A-Za-z0-9]{13}$ ]] && stat -c '%a %F' "$SECURE_TMPDIR"
first=$SECURE_TMPDIR; tmpdir nowarn; [[ $first == "$SECURE_TMPDIR" ]] && echo 'the same again'
echo 'not removed by another command' >"$SECURE_TMPDIR/file"; printf '%s' "$SECURE_TMPDIR" >"$HOME/tmpdir"

echo '== clip, qrcode'
try qrcode 'for the camera' a/label
CLIP_TIME=1
try clip 'for the clipboard' 'a label'
cat "$HOME/clipboard"; echo

echo '== commands as functions'
try cmd_version
try cmd_show web/site
try cmd_show web/none
try cmd_show
try cmd_find deep
try cmd_grep alice
printf 'new\nnew\nrest\n' | { cmd_insert fn/hidden; read -r rest; echo "left over: $rest"; }
printf 'line\nrest\n' | { cmd_insert -e fn/line; read -r rest; echo "left over: $rest"; }
printf 'one\ntwo\n' | cmd_insert -m fn/many
GENERATED_LENGTH=7 CHARACTER_SET=x; cmd_generate fn/generated
cmd_generate fn/many 3 --in-place
try cmd_generate fn/generated nonsense
EDITOR='sed -i s/two/three/'; export EDITOR; try cmd_edit fn/many
said cmd_copy_move copy fn/many fn/copied
said cmd_copy_move move fn/copied fn/moved
said cmd_delete fn/line
try cmd_delete fn/none
try cmd_git log --format=%s -3
try cmd_git no-such-git-command
try cmd_extension inner 'an argument' 2
cmd_extension not-there; echo "not there: $?"
try cmd_extension ../inner
try cmd_extension_or_show inner
try cmd_extension_or_show web/site
try cmd_extension_or_show not-there
said cmd_init --path=fn ann@example.org bob@example.org
cat "$SECURE_TMPDIR/file"

echo '== settings changed for the functions'
(PASSWORD_STORE_KEY=bob@example.org; set_gpg_recipients .; echo "${GPG_RECIPIENTS[*]}")
(mkdir -p "$HOME/other/folder"; PREFIX=$HOME/other; cmd_show; set_gpg_recipients .; echo 'not reached')
echo "status $?"

exit 23
