import PasselCore
import PasselPosix

extension GPG {
    /// Lets gpg-agent forget every passphrase that it keeps; whether it was told, or does not run.
    ///
    /// Runs `gpgconf --reload gpg-agent`, which starts none.
    public func forgetPassphrases() -> Bool {
        var child = ChildProcess(
            "gpgconf", ["--reload", "gpg-agent"], environment: environment)
        child.output = .discarded
        child.error = .discarded
        // The caller says what to do where it cannot be run.
        return (try? child.run())?.status == 0
    }
}
