/// The bash text that stands between passel and a pass extension.
///
/// An extension of pass is a bash file that is sourced inside a function of the running script and
/// uses that script's functions and variables. A compiled program has no such script, so it runs
/// `bash -c TEXT PROG EXTENSION_FILE ARGS…`: this text offers the same names and sources the file.
/// What is heavy, or has rules that must exist once, is asked of the binary that started it.
///
/// Read from the environment, and taken out of it again: `PASSEL_EXECUTABLE` (absolute path of the
/// binary to ask), `PASSEL_COMMAND` (the word typed), `PASSEL_PREFIX`, `PASSEL_GPG`,
/// `PASSEL_GPG_OPTS` (words separated by byte 0x1f), `PASSEL_EXTENSIONS_DIR`,
/// `PASSEL_SYSTEM_EXTENSION_DIR`, `PASSEL_CLIP_TIME`, `PASSEL_X_SELECTION`,
/// `PASSEL_GENERATED_LENGTH`, `PASSEL_CHARACTER_SET`, `PASSEL_CHARACTER_SET_NO_SYMBOLS`.
enum ExtensionPrelude {
    /// The text for `bash -c`; needs bash 4.4 for NUL-terminated `mapfile`.
    static let text = #"""
        # shellcheck shell=bash disable=SC2034,SC2317
        # The variables and functions are for extensions; nothing here uses most of them.
        set -o pipefail
        umask "${PASSWORD_STORE_UMASK:-077}" 2>/dev/null

        PROGRAM=${0##*/}
        COMMAND=$PASSEL_COMMAND
        PREFIX=$PASSEL_PREFIX
        EXTENSIONS=$PASSEL_EXTENSIONS_DIR
        SYSTEM_EXTENSION_DIR=$PASSEL_SYSTEM_EXTENSION_DIR
        CLIP_TIME=$PASSEL_CLIP_TIME
        X_SELECTION=$PASSEL_X_SELECTION
        GENERATED_LENGTH=$PASSEL_GENERATED_LENGTH
        CHARACTER_SET=$PASSEL_CHARACTER_SET
        CHARACTER_SET_NO_SYMBOLS=$PASSEL_CHARACTER_SET_NO_SYMBOLS
        GETOPT=getopt
        SHRED='shred -f -z'
        BASE64=base64
        GPG=$PASSEL_GPG
        GPG_OPTS=()
        while [[ -n $PASSEL_GPG_OPTS ]]; do
            GPG_OPTS+=("${PASSEL_GPG_OPTS%%$'\x1f'*}")
            [[ $PASSEL_GPG_OPTS == *$'\x1f'* ]] || break
            PASSEL_GPG_OPTS=${PASSEL_GPG_OPTS#*$'\x1f'}
        done
        GPG_RECIPIENTS=()
        GPG_RECIPIENT_ARGS=()
        INNER_GIT_DIR=

        # Extensions change these before they call a function, and expect the change to count.
        declare -A passel_given
        for passel_name in PREFIX EXTENSIONS CLIP_TIME X_SELECTION GENERATED_LENGTH \
            CHARACTER_SET CHARACTER_SET_NO_SYMBOLS; do
            passel_given[$passel_name]=${!passel_name}
        done
        passel_given_gpg_opts="${GPG_OPTS[*]}"

        export -n PASSEL_EXECUTABLE
        unset PASSEL_COMMAND PASSEL_PREFIX PASSEL_EXTENSIONS_DIR PASSEL_SYSTEM_EXTENSION_DIR
        unset PASSEL_CLIP_TIME PASSEL_X_SELECTION PASSEL_GENERATED_LENGTH PASSEL_CHARACTER_SET
        unset PASSEL_CHARACTER_SET_NO_SYMBOLS PASSEL_GPG PASSEL_GPG_OPTS passel_name
        unset BASH_EXECUTION_STRING
        unset GIT_DIR GIT_WORK_TREE GIT_NAMESPACE GIT_INDEX_FILE GIT_INDEX_VERSION
        unset GIT_OBJECT_DIRECTORY GIT_COMMON_DIR
        export GIT_CEILING_DIRECTORIES="$PREFIX/.."
        [[ -n $GPG_TTY ]] || GPG_TTY=$(tty 2>/dev/null)
        export GPG_TTY

        # Some extensions start pass again as "$0", which a bare name only allows on the PATH.
        if [[ $0 != */* ]]; then
            passel_path=$(type -P -- "$0")
            [[ ! $passel_path -ef $PASSEL_EXECUTABLE ]] || BASH_ARGV0=$passel_path
            unset passel_path
        fi

        # Runs the binary under pass's name, in a subshell so that nothing leaks back.
        passel_call() (
            IFS=' '
            for passel_name in "${!passel_given[@]}"; do
                [[ ${!passel_name} != "${passel_given[$passel_name]}" ]] || continue
                case $passel_name in
                    PREFIX) export PASSWORD_STORE_DIR="$PREFIX" ;;
                    EXTENSIONS) export PASSWORD_STORE_EXTENSIONS_DIR="$EXTENSIONS" ;;
                    *) export "PASSWORD_STORE_$passel_name=${!passel_name}" ;;
                esac
            done
            if [[ ${GPG_OPTS[*]} != "$passel_given_gpg_opts" ]]; then
                export PASSWORD_STORE_GPG_OPTS="${GPG_OPTS[*]}"
            fi
            export PASSWORD_STORE_KEY PASSWORD_STORE_SIGNING_KEY
            exec -a "$PROGRAM" "$PASSEL_EXECUTABLE" "$@"
        )

        die() {
            printf '%s\n' "$*" >&2
            exit 1
        }

        yesno() {
            [[ -t 0 ]] || return 0
            local passel_answer
            read -r -p "$1 [y/N] " passel_answer
            [[ $passel_answer == [yY] ]] || exit 1
        }

        check_sneaky_paths() {
            local passel_path
            for passel_path in "$@"; do
                [[ /$passel_path/ != */../* ]] ||
                    die "Error: You've attempted to pass a sneaky path to pass. Go home."
            done
        }

        # The list ends in NULs because a recipient may hold blanks. When there is none, what came
        # instead is for the reader of standard output, as pass prints its usage there.
        set_gpg_recipients() {
            local passel_recipient
            GPG_RECIPIENTS=()
            GPG_RECIPIENT_ARGS=()
            mapfile -d '' -t GPG_RECIPIENTS < <(passel_call --extension recipients "$1")
            if ! wait "$!"; then
                printf '%s' "${GPG_RECIPIENTS[@]}"
                exit 1
            fi
            mapfile -d '' -t GPG_RECIPIENT_ARGS < <(passel_call --extension recipient-options "$1")
            for passel_recipient in "${GPG_RECIPIENTS[@]}"; do
                GPG_RECIPIENT_ARGS+=(-r "$passel_recipient")
            done
        }

        verify_file() {
            [[ -n $PASSWORD_STORE_SIGNING_KEY ]] || return 0
            passel_call --extension verify "$1" || exit
        }

        reencrypt_path() {
            passel_call --extension reencrypt "$1" || exit
        }

        # Names the folder of the file, not the top of its work tree: extensions hand it to git -C.
        set_git() {
            local passel_folder=${1%/*}
            while [[ ! -d $passel_folder && ${passel_folder%/*}/ == "${PREFIX%/}"/* ]]; do
                passel_folder=${passel_folder%/*}
            done
            INNER_GIT_DIR=$(passel_call --extension git-dir "$1")
            [[ -z $INNER_GIT_DIR ]] || INNER_GIT_DIR=$passel_folder
        }

        git_add_file() {
            [[ -n $INNER_GIT_DIR ]] || return 1
            passel_call --extension git-add "$1" "$2"
        }

        git_commit() {
            [[ -n $INNER_GIT_DIR ]] || return 1
            passel_call --extension git-commit \
                "$(passel_call --extension git-dir "$INNER_GIT_DIR/")" "$1"
        }

        # Never in an argument: every process of the machine could read it there.
        clip() {
            passel_call --extension clip "$2" < <(printf '%s' "$1") || exit
        }

        qrcode() {
            passel_call --extension qrcode "$2" < <(printf '%s' "$1") || exit
        }

        tmpdir() {
            [[ -z $SECURE_TMPDIR ]] || return 0
            local passel_template="$PROGRAM.XXXXXXXXXXXXX"
            if [[ -d /dev/shm && -w /dev/shm && -x /dev/shm ]]; then
                SECURE_TMPDIR=$(mktemp -d "/dev/shm/$passel_template") || exit
                trap 'rm -rf -- "$SECURE_TMPDIR"' EXIT
                return 0
            fi
            [[ $1 == nowarn ]] || yesno "Your system does not have /dev/shm, which means that it may
        be difficult to entirely erase the temporary non-encrypted
        password file after editing.

        Are you sure you would like to continue?"
            SECURE_TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/$passel_template") || exit
            trap 'find "$SECURE_TMPDIR" -type f -exec $SHRED {} + ; rm -rf -- "$SECURE_TMPDIR"' EXIT
        }

        # In pass an error inside one of these ends the whole program.
        cmd_init() { passel_call init "$@" || exit; }
        cmd_show() { passel_call show "$@" || exit; }
        cmd_find() { passel_call find "$@" || exit; }
        cmd_grep() { passel_call grep "$@" || exit; }
        cmd_insert() { passel_call insert "$@" || exit; }
        cmd_edit() { passel_call edit "$@" || exit; }
        cmd_generate() { passel_call generate "$@" || exit; }
        cmd_delete() { passel_call rm "$@" || exit; }
        cmd_usage() { passel_call help || exit; }
        cmd_version() { passel_call version || exit; }

        cmd_copy_move() {
            local passel_word="cp"
            [[ $1 != move ]] || passel_word="mv"
            passel_call "$passel_word" "${@:2}" || exit
        }

        # git's own failures are the extension's business, a store without git is not.
        cmd_git() {
            local passel_status
            set_git "$PREFIX/"
            passel_call git "$@"
            passel_status=$?
            [[ $passel_status == 0 || (-n $INNER_GIT_DIR && $1 != init) ]] || exit "$passel_status"
            return "$passel_status"
        }

        cmd_extension() {
            check_sneaky_paths "$1"
            local passel_file="$EXTENSIONS/$1.bash"
            if [[ $PASSWORD_STORE_ENABLE_EXTENSIONS == true && -f $passel_file && -x $passel_file ]]
            then
                verify_file "$passel_file"
            else
                passel_file="$SYSTEM_EXTENSION_DIR/$1.bash"
                [[ -n $SYSTEM_EXTENSION_DIR && -f $passel_file && -x $passel_file ]] || return 1
            fi
            passel_source "$passel_file" "${@:2}" || return 0
        }

        cmd_extension_or_show() {
            cmd_extension "$@" || cmd_show "$@"
        }

        # Inside a function, so that `local` is legal at the extension's top level.
        passel_source() {
            local passel_file=$1
            shift
            # shellcheck source=/dev/null
            source "$passel_file"
        }

        # Whatever the last command or `return` of the extension said; only `exit` sets a status.
        # The `||` also makes `set -e` idle, as it is inside pass.
        passel_source "$@" || exit 0
        """#
}
