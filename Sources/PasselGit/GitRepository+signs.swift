extension GitRepository {
    /// Whether git is set up to sign every commit here with an OpenPGP key.
    public var signsWithOpenPGP: Bool {
        let asks =
            configuration.bool("pass.signcommits") ?? false
            || configuration.bool("commit.gpgsign") ?? false
        let format = configuration.string("gpg.format")
        return asks && (format ?? Array("openpgp".utf8)).elementsEqual("openpgp".utf8)
    }
}
