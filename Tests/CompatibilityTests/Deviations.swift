import PasselTesting

/// Every deliberate difference from pass 1.7.4: the only place where they are listed.
///
/// Each row is shown by at least one scenario (`deviates ID`), and the table is printed in the README.
let deviations: [Deviation] = reading + removing + recipients + writing + git

private let reading = [
    Deviation(
        "no-display-message", "`-c`, `--clip`",
        pass: "says `Error: No X11 or Wayland display detected`",
        passel: "tries `xclip` where `wl-copy` is missing, and says "
            + "`Error: No X11 or Wayland display and clipper detected`",
        reason: "as pass does after 1.7.4"),
    Deviation(
        "clip-large-entry", "`show -c`, `show -q`",
        pass: "dies of a broken pipe (status 141) when the entry is larger than a pipe",
        passel: "copies or shows the line", reason: "a bug"),
    Deviation(
        "clip-hint", "`-c`, `--clip`",
        pass: "lets clipboard managers record the secret",
        passel: "asks them not to, where the clipboard tool can",
        reason: "a clipboard history is a plaintext copy"),
    Deviation(
        "grep-files", "`grep`",
        pass: "searches in directory order, through links, and among extensions",
        passel: "sorts, searches every file once, and leaves `.extensions` out",
        reason: "the same entry should not be listed twice"),
    Deviation(
        "executable-entry", "`ls`, `find`",
        pass: "colours an entry whose file is executable as a program",
        passel: "colours every entry as a file",
        reason: "an entry is not a program, and looking at every file takes half of the time"),
    Deviation(
        "terminal-escapes", "`show`, `ls`, `find`, `grep`",
        pass: "prints control characters of names and texts on the terminal",
        passel: "shows them escaped on a terminal; a pipe gets the exact bytes",
        reason: "a shared entry must not be able to drive a terminal"),
    Deviation(
        "not-encrypted", "`show`, `grep`",
        pass: "print a file that is not encrypted to keys, and a text of any size",
        passel: "refuse what is not one message encrypted to keys, and what is larger than 64 MiB",
        reason: "anybody could have put it there"),
    Deviation(
        "help-text", "`help`, `version`",
        pass: "prints its own text", passel: "prints another, with pass's banner line in it",
        reason: "the program is another one"),
    Deviation(
        "trailing-slash", "all",
        pass: "prints doubled slashes, and whole paths in `grep`, when `PASSWORD_STORE_DIR` ends "
            + "or a name begins with a slash",
        passel: "prints the path as it is", reason: "an artefact"),
]

private let removing = [
    Deviation(
        "bad-option-continues", "`rm`, `mv`, `cp`",
        pass: "go on after an unknown option", passel: "print the usage line and stop, status 1",
        reason: "a typing error must not delete anything"),
    Deviation(
        "rm-root", "`rm -r ''`, `rm -r /`",
        pass: "deletes the whole store", passel: "refuses", reason: "nobody means it"),
    Deviation(
        "rm-through-link", "`rm -r LINK`",
        pass: "empties the folder that the link leads to", passel: "removes the link",
        reason: "what the link leads to may be outside of the store"),
    Deviation(
        "git-folder", "`rm`, `mv`, `cp`",
        pass: "take `.git` for a folder of entries", passel: "refuse to touch it",
        reason: "the history is the backup"),
    Deviation(
        "prune-above-store", "`rm`, `mv`, `init`",
        pass: "remove empty folders above the store too", passel: "stop at the store",
        reason: "what lies above belongs to others"),
]

private let recipients = [
    Deviation(
        "gpg-id-last-line", "`.gpg-id`",
        pass: "ignores a last line without a newline", passel: "reads it",
        reason: "editors leave such lines, and a recipient is lost"),
    Deviation(
        "gpg-id-crlf", "`.gpg-id`",
        pass: "takes the carriage return for a part of the recipient", passel: "ignores it",
        reason: "files travel through Windows"),
    Deviation(
        "gpg-id-comment", "`.gpg-id`",
        pass: "keeps the blank between a user id and a comment", passel: "cuts it off",
        reason: "the comment syntax should work for every kind of recipient"),
    Deviation(
        "init-all-or-nothing", "`init`",
        pass: "changes `.gpg-id` even if entries cannot be re-encrypted, status 0",
        passel: "changes everything or nothing, and fails",
        reason: "a half-changed store claims readers that it does not have"),
    Deviation(
        "init-one-commit", "`init`",
        pass: "commits the list, its signature and the entries separately",
        passel: "makes one commit of them", reason: "no commit is in between"),
    Deviation(
        "init-removal", "`init -p SUB ''`",
        pass: "leaves the deletion staged or the signature behind",
        passel: "commits the removal of both", reason: "a bug"),
    Deviation(
        "perpetual-reencryption", "`init`, `mv`, `cp`",
        pass: "re-encrypt entries every time for keys with two encryption subkeys, expired "
            + "subkeys or hidden recipients",
        passel: "compare with the keys that gpg really uses", reason: "a bug"),
    Deviation(
        "changed-list", "all that write",
        pass: "encrypt to whoever a `.gpg-id` names at that moment",
        passel: "write nothing below a list that changed by other hands until "
            + "`passel recipients review` has accepted it",
        reason: "anybody who can push could add a reader"),
    Deviation(
        "hidden-by-configuration", "all that write",
        pass: "leave the recipients unnamed where `gpg.conf` says `throw-keyids`",
        passel: "name them, unless `PASSWORD_STORE_GPG_OPTS` says so",
        reason: "nobody could check who reads an entry"),
]

private let writing = [
    Deviation(
        "empty-name", "`insert ''`, `generate ''`, `edit ''`",
        pass: "make a file `.gpg` that plain `pass` then prints", passel: "refuse",
        reason: "an entry needs a name"),
    Deviation(
        "octal-length", "`generate`",
        pass: "takes a length with a leading zero for octal", passel: "reads it as decimal",
        reason: "a bug"),
    Deviation(
        "atomic-write", "`insert`, `edit`, `generate`",
        pass: "truncate the entry before the new text is complete",
        passel: "write beside it and rename: a failure leaves the old entry",
        reason: "a write never loses anything"),
    Deviation(
        "edit-retry", "`edit`",
        pass: "tries for ever when gpg fails and there is no terminal", passel: "fails",
        reason: "nobody is there to end it"),
    Deviation(
        "link-outside", "`insert`, `generate`, `edit`, `mv`, `cp`",
        pass: "write through links to folders outside of the store", passel: "refuse",
        reason: "such a link may have come with a shared store"),
    Deviation(
        "mv-signature", "`mv`, `cp`",
        pass: "check the signature of the new place after moving",
        passel: "check it before", reason: "a failure should leave things as they were"),
    Deviation(
        "relative-store", "`init`",
        pass: "never ends when `PASSWORD_STORE_DIR` is relative and does not exist",
        passel: "makes the store below the current folder", reason: "a bug"),
]

private let git = [
    Deviation(
        "git-status", "`git`",
        pass: "ends with status 0 whatever git says", passel: "ends with git's status",
        reason: "scripts can see a failed push"),
    Deviation(
        "commit-warning", "all that commit",
        pass: "show git's error only", passel: "add a warning; the status stays 0",
        reason: "an entry without a commit is easily overlooked"),
    Deviation(
        "nothing-to-commit", "`rm`, `mv`",
        pass: "show git's `nothing to commit` for what git does not track", passel: "say nothing",
        reason: "nothing is wrong"),
    Deviation(
        "commit-own-paths", "all that commit",
        pass: "commit everything that is staged", passel: "commit their own paths only",
        reason: "somebody else's half-finished change is not theirs"),
    Deviation(
        "git-filters", "all that commit",
        pass: "let git's attributes and filters change what is committed",
        passel: "commit the bytes of the file",
        reason: "an entry that a filter touched no longer decrypts"),
]
