extension TokenTable {
    /// Keys of several lines, and documents.
    static let blocks: [TokenRow] = [
        block("openssh-key", "OpenSSH private key", "OPENSSH PRIVATE KEY", OpenSSHKey.explain),
        block("rsa-key", "RSA private key", "RSA PRIVATE KEY", PEM.explain),
        block("ec-key", "elliptic curve private key", "EC PRIVATE KEY", PEM.explain),
        block("dsa-key", "DSA private key", "DSA PRIVATE KEY", PEM.explain),
        block("private-key", "private key", "ENCRYPTED PRIVATE KEY", PEM.explain),
        block("private-key", "private key", "PRIVATE KEY", PEM.explain),
        block("openpgp-key", "OpenPGP private key", "PGP PRIVATE KEY BLOCK", PEM.explainOther),
        block(
            "openpgp-public-key", "OpenPGP public key", "PGP PUBLIC KEY BLOCK", PEM.explainPublic),
        block("certificate", "X.509 certificate", "CERTIFICATE", PEM.explainPublic),
        block("public-key", "public key", "PUBLIC KEY", PEM.explainPublic),
        TokenRow(
            "google-service-account", "Google service account key", "{", mark: .withForm,
            revoke: "https://console.cloud.google.com/iam-admin/serviceaccounts",
            recognises: ServiceAccount.isOne, explain: ServiceAccount.explain),
    ]

    private static func block(
        _ kind: Text, _ title: Text, _ label: String, _ explain: @escaping TokenRow.Explainer
    ) -> TokenRow {
        TokenRow(
            kind, title, "-----BEGIN \(label)-----", recognises: { _ in true }, explain: explain)
    }
}
