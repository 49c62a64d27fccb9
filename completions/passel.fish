# Completion of passel and pass for fish.
#
# Candidates come from `passel --complete`, which reads file names and never decrypts.

# Runs `passel --complete -0 ARGS`; each candidate is one element, whatever is in its name.
function __fish_passel_candidates
    set -l program passel
    if not command -q passel
        set program (commandline -opc)[1]
    end
    command $program --complete -0 $argv 2>/dev/null </dev/null | string split0
end

# The command word of the line, or nothing if the line has none yet.
function __fish_passel_command
    set -l words (commandline -opc)
    set -q words[2]; and printf '%s' $words[2]
end

function __fish_passel_needs_command
    test (count (commandline -opc)) -eq 1
end

function __fish_passel_using
    contains -- (__fish_passel_command) $argv
end

# Whether the operands of the line are those of show: an explicit one, or none but options.
function __fish_passel_showing
    set -l command (__fish_passel_command)
    contains -- "$command" show ls list; or string match -q -- '-*' $command
end

function __fish_passel_entries
    __fish_passel_candidates entries --all ''
end

function __fish_passel_folders
    __fish_passel_candidates folders --all ''
end

# Fingerprints, which name one key only, described by the user id.
function __fish_passel_keys
    __fish_passel_candidates keys ''
end

function __fish_passel_members
    __fish_passel_candidates members ''
end

# The commands that pass has not, or what follows one of them, as the program says.
function __fish_passel_own
    # A quote that is still open says nothing yet.
    set -l current (string unescape -- (commandline -ct)); or set current ''
    set -l words (commandline -opc) $current
    set -l found (__fish_passel_candidates own $words[2..-1])
    set -q found[1]; or return
    set -l kind (string split -m 1 \t -- $found[1])
    set -l values
    switch "$kind[1]"
        case entries
            set values (__fish_passel_entries)\tEntry (__fish_passel_folders)\tFolder
        case folders
            set values (__fish_passel_folders)
        case keys members requests
            set values (__fish_passel_candidates $kind[1] '')
        case files
            __fish_complete_path $current
    end
    # The option, if one is in the same word.
    printf '%s\n' "$kind[2]"$values "$kind[2]"$found[2..-1]
end

# The words of extensions; the others are below, with what they do.
function __fish_passel_extensions
    set -l ours (string split -f 1 \t -- (__fish_passel_candidates own '')) \
        init show ls list find search grep insert add edit generate rm remove delete \
        mv rename cp copy git help version
    for word in (__fish_passel_candidates commands '')
        contains -- $word $ours; or printf '%s\n' $word
    end
end

# Whether the line has a command word that is not known here.
function __fish_passel_others
    set -l word (__fish_passel_command)
    test -n "$word"; and not string match -q -- '-*' $word
    and not __fish_passel_using init show ls list find search grep insert add edit generate \
        rm remove delete mv rename cp copy git help version
end

for program in passel pass
    complete -c $program -f

    complete -c $program -n __fish_passel_needs_command -a init -d 'Make a store, or change the recipients of a folder'
    complete -c $program -n __fish_passel_needs_command -a 'show ls list' -d 'Show an entry or list a folder'
    complete -c $program -n __fish_passel_needs_command -a 'find search' -d 'List the entries whose names match'
    complete -c $program -n __fish_passel_needs_command -a grep -d 'Search in the decrypted entries'
    complete -c $program -n __fish_passel_needs_command -a 'insert add' -d 'Add an entry'
    complete -c $program -n __fish_passel_needs_command -a edit -d 'Edit an entry'
    complete -c $program -n __fish_passel_needs_command -a generate -d 'Make an entry with a new password'
    complete -c $program -n __fish_passel_needs_command -a 'rm remove delete' -d 'Remove an entry or a folder'
    complete -c $program -n __fish_passel_needs_command -a 'mv rename' -d 'Rename an entry or a folder'
    complete -c $program -n __fish_passel_needs_command -a 'cp copy' -d 'Copy an entry or a folder'
    complete -c $program -n __fish_passel_needs_command -a git -d 'Run git in the store'
    complete -c $program -n __fish_passel_needs_command -a help -d 'Show the commands'
    complete -c $program -n __fish_passel_needs_command -a version -d 'Show the version'
    complete -c $program -n __fish_passel_needs_command -a '(__fish_passel_own)'
    complete -c $program -n __fish_passel_needs_command -a '(__fish_passel_extensions)' -d Extension
    complete -c $program -n __fish_passel_needs_command -l help -d 'Show the commands'
    complete -c $program -n __fish_passel_needs_command -l version -d 'Show the version'
    complete -c $program -n __fish_passel_needs_command -a '(__fish_passel_entries)' -d Entry
    complete -c $program -n __fish_passel_needs_command -a '(__fish_passel_folders)' -d Folder

    complete -c $program -n '__fish_passel_needs_command; or __fish_passel_showing' -s c -l clip -d 'Copy a line to the clipboard'
    complete -c $program -n '__fish_passel_needs_command; or __fish_passel_showing' -s q -l qrcode -d 'Show a line as a QR code'
    complete -c $program -n __fish_passel_showing -a '(__fish_passel_entries)' -d Entry
    complete -c $program -n __fish_passel_showing -a '(__fish_passel_folders)' -d Folder

    complete -c $program -n '__fish_passel_using init' -s p -l path -x -a '(__fish_passel_folders)' -d 'Only for the folder'
    complete -c $program -n '__fish_passel_using init' -a '(__fish_passel_keys)'

    complete -c $program -n '__fish_passel_using insert add' -s e -l echo -d 'Show what is typed'
    complete -c $program -n '__fish_passel_using insert add' -s m -l multiline -d 'Read lines up to the end of input'
    complete -c $program -n '__fish_passel_using insert add' -s f -l force -d 'Replace without asking'

    complete -c $program -n '__fish_passel_using generate' -s n -l no-symbols -d 'Use letters and digits only'
    complete -c $program -n '__fish_passel_using generate' -s c -l clip -d 'Copy the password to the clipboard'
    complete -c $program -n '__fish_passel_using generate' -s q -l qrcode -d 'Show the password as a QR code'
    complete -c $program -n '__fish_passel_using generate' -s i -l in-place -d 'Replace the first line only'
    complete -c $program -n '__fish_passel_using generate' -s f -l force -d 'Replace without asking'

    complete -c $program -n '__fish_passel_using insert add edit generate rm remove delete mv rename cp copy' -a '(__fish_passel_entries)' -d Entry
    complete -c $program -n '__fish_passel_using insert add edit generate rm remove delete mv rename cp copy' -a '(__fish_passel_folders)' -d Folder

    complete -c $program -n '__fish_passel_using rm remove delete' -s r -l recursive -d 'Remove a folder and all in it'
    complete -c $program -n '__fish_passel_using rm remove delete mv rename cp copy' -s f -l force -d 'Without asking'

    if test $program = passel
        complete -c $program -n '__fish_passel_using find search' -l field -x -d 'A field that holds a text'
        complete -c $program -n '__fish_passel_using find search' -l json -d 'For programs'
    end

    complete -c $program -n '__fish_passel_using git' -a 'init status log push pull fetch config remote reflog rebase' -d 'git command'

    complete -c $program -n __fish_passel_others -a '(__fish_passel_own)'
end

complete -c passel -n '__fish_passel_using show' -l at -x -d 'As it was at a commit or on a day'
complete -c passel -n '__fish_passel_using show' -l json -d 'For programs, with --at'
complete -c passel -n '__fish_passel_using insert add edit generate mv rename cp copy' -l skip -x -a '(__fish_passel_members)' -d 'Do not encrypt for this recipient'
