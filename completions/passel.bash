# Completion of passel and pass for bash 4.4 and newer.
#
# Candidates come from `passel --complete`, which reads file names and never decrypts.
#
# A command of an extension is completed by a function of that extension, as with pass:
#     PASSWORD_STORE_EXTENSION_COMMANDS+=(COMMAND)
#     __password_store_extension_complete_COMMAND() {
#         COMPREPLY+=($(compgen -W "--option" -- "$cur"))
#         _pass_complete_entries 1
#     }
#
# Another store under another name:
#     _workpass() { PASSWORD_STORE_DIR=$HOME/work/pass _pass; }
#     complete -o filenames -F _workpass workpass

# Runs `passel --complete -0 ARGS` and fills the array `candidates` of the caller.
_pass_candidates() {
    local program=passel
    type -P passel >/dev/null || program=${COMP_WORDS[0]:-pass}
    mapfile -d '' -t candidates < <("$program" --complete -0 "$@" 2>/dev/null </dev/null)
}

# Adds the entries and folders that begin with $cur. With 1 as its argument a folder that has a
# single child is followed down to that child.
_pass_complete_entries() {
    local candidates candidate rest
    _pass_candidates entries "$cur"
    for candidate in "${candidates[@]}"; do
        if [[ ${1:-0} -ne 1 ]]; then
            rest=${candidate:${#cur}}
            [[ $rest == */* ]] && candidate=$cur${rest%%/*}/
        fi
        COMPREPLY+=("$candidate")
    done
}

# Adds the folders that begin with $cur.
_pass_complete_folders() {
    local candidates
    _pass_candidates folders "$cur"
    COMPREPLY+=("${candidates[@]}")
}

# Adds the keys that begin with $cur, by user id, by address, and by fingerprint once there is
# something to compare. If there is one only, its fingerprint is added, which no other key has.
# $1 is `keys` if it is missing, or `members` (of the team) or `requests` (to join it).
_pass_complete_keys() {
    local candidates key name address words=() fingerprints=()
    _pass_candidates "${1:-keys}" "$cur"
    for key in "${candidates[@]}"; do
        name=${key#*$'\t'} address=''
        [[ $name == *'<'*'>' ]] && address=${name##*<} address=${address%>}
        if [[ ${name,,} == "${cur,,}"* ]]; then
            words+=("$name")
        elif [[ -n $address && ${address,,} == "${cur,,}"* ]]; then
            words+=("$address")
        elif [[ -n $cur && $key == "${cur^^}"* ]]; then
            words+=("${key%%$'\t'*}")
        else
            continue
        fi
        fingerprints+=("${key%%$'\t'*}")
    done
    if ((${#words[@]} == 1)); then
        COMPREPLY+=("${fingerprints[0]}")
    else
        COMPREPLY+=("${words[@]}")
    fi
}

# Adds those of the given words that begin with $cur.
_pass_complete_words() {
    local word
    for word; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
    done
}

# Completes by the command that follows the value of the option $1, which is in the same word.
_pass_complete_joined() {
    local option=$1
    shift
    cur=${cur#"$option"}
    "$@"
    COMPREPLY=("${COMPREPLY[@]/#/$option}")
    cur=$option$cur
}

# Completes the option --skip, which pass has not, and its value. Fails if something else is typed.
_pass_complete_skip() {
    [[ ${words[0]##*/} == passel ]] || return
    if [[ $cur == --skip=* ]]; then
        _pass_complete_joined --skip= _pass_complete_keys members
    elif [[ $previous == --skip ]]; then
        _pass_complete_keys members
    else
        _pass_complete_words --skip
        return 1
    fi
}

# Completes what follows a command that pass has not, as the program says. Fails if it is none.
_pass_complete_own() {
    local candidates kind kept typed=() word unquoted quote
    for word in "${words[@]:1}"; do
        _pass_unquote "$word"
        typed+=("$unquoted")
    done
    _pass_candidates own "${typed[@]}"
    ((${#candidates[@]})) || return
    kind=${candidates[0]%%$'\t'*}
    kept=${candidates[0]:${#kind}+1}
    _pass_complete_joined "$kept" _pass_complete_kind "$kind" "${candidates[@]:1}"
}

# Adds values of the kind $1, and those of the other words that begin with $cur, up to their tabs.
_pass_complete_kind() {
    local kind=$1
    shift
    case $kind in
        entries) _pass_complete_entries 1 ;;
        folders) _pass_complete_folders ;;
        keys | members | requests) _pass_complete_keys "$kind" ;;
        files) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$cur") ;;
    esac
    _pass_complete_words "${@%%$'\t'*}"
}

_pass_complete_first_word() {
    local candidates
    if [[ $cur == -* ]]; then
        _pass_complete_words -c --clip -q --qrcode --help --version
        return
    fi
    _pass_candidates commands "$cur"
    _pass_complete_words "${candidates[@]}"
    for word in "${PASSWORD_STORE_EXTENSION_COMMANDS[@]}"; do
        [[ " ${candidates[*]} " == *" $word "* ]] || _pass_complete_words "$word"
    done
    _pass_complete_entries 1
}

# What follows the command word.
_pass_complete_arguments() {
    local extension
    case $1 in
        insert | add | edit | generate | mv | rename | cp | copy) _pass_complete_skip && return ;;
    esac
    case $1 in
        find | search)
            [[ ${words[0]##*/} != passel ]] || _pass_complete_words --field --json
            ;;
        grep | help | --help | version | --version) ;;
        init)
            case $cur in
                --path=*) _pass_complete_joined --path= _pass_complete_folders ;;
                -*) _pass_complete_words -p --path ;;
                *)
                    case $previous in
                        -p | --path) _pass_complete_folders ;;
                        *)
                            _pass_complete_words -p --path
                            _pass_complete_keys
                            ;;
                    esac
                    ;;
            esac
            ;;
        show | ls | list | -*)
            # A revision is git's business.
            [[ $1 != show || ${words[0]##*/} != passel ]] || case $previous$cur in
                --at* | *--at=*) return ;;
                *) _pass_complete_words --at --json ;;
            esac
            _pass_complete_words -c --clip -q --qrcode
            _pass_complete_entries 1
            ;;
        insert | add)
            _pass_complete_words -e --echo -m --multiline -f --force
            _pass_complete_entries
            ;;
        generate)
            _pass_complete_words -n --no-symbols -c --clip -q --qrcode -i --in-place -f --force
            _pass_complete_entries
            ;;
        edit) _pass_complete_entries ;;
        rm | remove | delete)
            _pass_complete_words -r --recursive -f --force
            _pass_complete_entries
            ;;
        mv | rename | cp | copy)
            _pass_complete_words -f --force
            _pass_complete_entries
            ;;
        git) _pass_complete_words init status log push pull fetch config remote reflog rebase ;;
        *)
            for extension in "${PASSWORD_STORE_EXTENSION_COMMANDS[@]}"; do
                if [[ $extension == "$1" ]]; then
                    "__password_store_extension_complete_$1"
                    return
                fi
            done
            _pass_complete_own && return
            # A word that is no command is an entry, and takes the options of show.
            _pass_complete_words -c --clip -q --qrcode
            _pass_complete_entries 1
            ;;
    esac
}

# Removes the shell's quoting from $1, as far as it is typed, without evaluating anything.
# Of the caller's variables, `unquoted` takes the result and `quote` the quote that is still open.
_pass_unquote() {
    local text=$1 state='' i char next
    unquoted=''
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1} next=${text:i+1:1}
        case $state$char in
            "'" | '"') state=$char ;;
            "''" | '""' | "\$'") state='' ;;
            '$') if [[ $next == "'" ]]; then state='$' && ((i++)); else unquoted+=$char; fi ;;
            \\) unquoted+=$next && ((i++)) ;;
            '"'\\)
                if [[ $next == [\"\\\$\`] ]]; then unquoted+=$next && ((i++)); else unquoted+=$char; fi
                ;;
            '$'\\)
                if [[ ${text:i+1} =~ ^(x[[:xdigit:]]{1,2}|[0-7]{1,3}|[abeEfnrtv]) ]]; then
                    next=${BASH_REMATCH[1]} && ((i += ${#next}))
                    printf -v char '%b' "\\${next/#[0-7]/0${next:0:1}}"
                else
                    char=$next && ((i++))
                fi
                unquoted+=$char
                ;;
            *) unquoted+=$char ;;
        esac
    done
    quote=$state
}

# bash splits words at `:`, `=` and `@` too. This puts them together again: the words of the line
# up to the cursor in `words`, and in `broken` the part of the last one that readline keeps.
_pass_join_words() {
    local line=${COMP_LINE:0:COMP_POINT} word i=0 rest
    words=() broken=
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        rest=${line#"${line%%[![:space:]]*}"}
        if ((i > 0)) && [[ $rest == "$line" && -n $rest ]]; then
            broken=${words[-1]}
            words[-1]+=$word
        else
            broken=
            words+=("$word")
        fi
        line=${rest:${#word}}
    done
    # With the cursor right after such a character, that character is itself the word.
    [[ -n $broken && ${COMP_WORDS[COMP_CWORD]} == [:=@] ]] && broken=${words[-1]}
    # An at sign begins a word (a host name) and is replaced along with it.
    broken=${broken%@}
}

# Quotes the candidates for a word in which the quote $1 is open. Mostly readline does that, and
# shows only the last component of each name; but it leaves `$` and backquotes as they are, which
# the shell would then expand, and it adds a slash to an entry named like a folder right here.
_pass_quote() {
    local i quoted
    for i in "${!COMPREPLY[@]}"; do
        quoted=${COMPREPLY[i]}
        case $1 in
            "'") quoted=${quoted//"'"/"'\\''"} ;;
            '"')
                quoted=${quoted//\\/\\\\} quoted=${quoted//\"/\\\"}
                quoted=${quoted//\$/\\\$} quoted=${quoted//\`/\\\`}
                ;;
            *) printf -v quoted %q "$quoted" ;;
        esac
        COMPREPLY[i]=$quoted
    done
}

_pass() {
    local cur previous quote unquoted broken words
    COMPREPLY=()
    _pass_join_words
    previous=${words[-2]:-}
    if [[ -n $broken ]]; then
        _pass_unquote "$broken"
        broken=$unquoted
    fi
    _pass_unquote "${words[-1]}"
    cur=$unquoted
    if ((${#words[@]} <= 2)); then
        _pass_complete_first_word
    else
        _pass_complete_arguments "${words[1]}"
    fi

    COMPREPLY=("${COMPREPLY[@]#"$broken"}")
    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == */ ]]; then
        compopt -o nospace 2>/dev/null
    fi
    if [[ ${COMPREPLY[*]} == *[\$\`]* || ${#COMPREPLY[@]} -eq 1 && -d ${COMPREPLY[0]} ]]; then
        compopt +o filenames 2>/dev/null
        _pass_quote "$quote"
    fi
    return 0
}

complete -o filenames -F _pass passel pass
