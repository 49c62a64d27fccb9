/// What the shells read to be driven by tests.
enum Session {
    /// The files of a desk in the folder `work`, by name.
    static func files(work: String) -> [String: String] {
        [
            "bashrc": bash(work: work), ".zshrc": zshrc(work: work),
            "session.zsh": zsh(work: work),
        ]
    }

    /// Records the arguments of pass instead of running it.
    private static func bash(work: String) -> String {
        #"""
        PS1='$ '
        bind 'set enable-bracketed-paste off' 'set bell-style none' 2>/dev/null
        source \#(Desk.completion("passel.bash"))
        pass() { printf '%s\x1f' "$@" >>\#(work)/calls; printf '\x1e' >>\#(work)/calls; }
        """#
    }

    /// Tab completes, notes what was offered, and leaves the line in a file.
    private static func zshrc(work: String) -> String {
        #"""
        fpath=(\#(Desk.completion("")) $fpath)
        autoload -Uz compinit
        compinit -u -D
        zstyle ':completion:*' completer _complete
        LISTMAX=100000
        unsetopt beep automenu
        compadd() {
            local -a harvest
            if (( ! ${@[(I)-[OAD]]} )); then
                builtin compadd -O harvest "$@"
                (( $#harvest )) && print -rn -- $'\x1f'${(pj:\x1f:)harvest} >>\#(work)/offered
            fi
            builtin compadd "$@"
        }
        press-tab() {
            zle complete-word
            print -rn -- "$BUFFER" >\#(work)/line
            : >\#(work)/done
        }
        zle -N press-tab
        bindkey '^I' press-tab
        source \#(work)/setup.zsh
        : >\#(work)/done
        """#
    }

    /// Types each argument and a Tab in an interactive zsh, and prints what became of it.
    private static func zsh(work: String) -> String {
        #"""
        zmodload zsh/zpty
        await() {
            local -i turns
            local junk
            until [[ -e \#(work)/done ]] || (( ++turns > 3000 )); do
                zpty -r -t shell junk
                sleep 0.01
            done
            rm \#(work)/done
        }
        zpty -b shell env ZDOTDIR=\#(work) zsh -i
        await
        for line; do
            : >\#(work)/offered
            zpty -n -w shell $'\C-u'"$line"$'\t'
            await
            print -rn -- "$(<\#(work)/line)$(<\#(work)/offered)"$'\x1e'
        done
        zpty -d shell
        """#
    }
}
