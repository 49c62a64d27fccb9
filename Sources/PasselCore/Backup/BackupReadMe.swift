/// What stands at the head of every backup: how to open it without this program.
public enum BackupReadMe {
    /// The text for a store with or without history.
    ///
    /// The lines with four spaces before them are commands that work one after the other.
    public static func text(hasHistory: Bool) -> Text {
        """
        This is an encrypted backup of a password store, made by passel.
        With passel: passel backup restore FILE --into DIR
        Without it, by tar, gpg and git alone, in an empty folder, FILE being this file:

            tar -xf FILE
            sha256sum -c SHA256SUMS
            gpg -o contents.tar -d contents.tar.gpg
            tar -xf contents.tar
            sha256sum --quiet -c MANIFEST

        gpg asks for a passphrase where the backup has one and your key is not here.
        If there is a MANIFEST.sig, this tells who made the backup:

            gpg --import public-keys/*
            gpg --verify MANIFEST.sig MANIFEST

        \(hasHistory ? history : plain)
        The secret key that the entries themselves are encrypted to is not in here.

        """
    }

    private static let history: Text = """
        The store with its history; INFO says which branch it was on (head):

            git init -q password-store
            git -C password-store fetch -q --update-head-ok ../store.bundle '+refs/*:refs/*'
            git -C password-store symbolic-ref HEAD "$(sed -n 's/^head: //p' INFO)"
            git -C password-store reset -q --hard

        What was not committed lies in the folder uncommitted, if there was anything:

            if [ -d uncommitted ]; then cp -R uncommitted/. password-store; fi

        """

    private static let plain: Text = """
        The store had no history:

            mv store password-store

        """
}
