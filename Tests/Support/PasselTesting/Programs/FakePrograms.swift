/// The small programs that a sandbox puts in the place of a person's.
enum FakePrograms {
    /// Answers every question with the file `passphrase` beside it; without that file it cancels.
    static let pinentry = """
        #!/bin/sh
        here=${0%/*}
        echo 'OK ready'
        while read -r word rest; do
            case $word in
            GETPIN)
                if [ -f "$here/passphrase" ]; then
                    printf 'D %s\\nOK\\n' "$(cat "$here/passphrase")"
                else
                    echo 'ERR 83886179 Operation cancelled <Pinentry>'
                fi ;;
            BYE) echo OK; exit 0 ;;
            *) echo OK ;;
            esac
        done
        """

    /// Appends one line to the file that it is given.
    static let editor = """
        #!/bin/sh
        echo 'edited' >> "$1"
        """
}
