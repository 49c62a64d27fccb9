extension TokenTable {
    /// Clouds, and where they keep secrets.
    static let clouds: [TokenRow] =
        [
            aws("aws-access-key", "AWS access key id", "AKIA"),
            aws("aws-temporary-key", "AWS temporary access key id", "ASIA"),
            aws("aws-bearer-token", "AWS service bearer token id", "ABIA"),
            aws("aws-context-credential", "AWS context-specific credential id", "ACCA"),
            TokenRow(
                "google-api-key", "Google API key", "AIza", [.run(.url64, 35)],
                revoke: "https://console.cloud.google.com/apis/credentials"),
            TokenRow(
                "google-client-secret", "Google OAuth client secret", "GOCSPX-",
                [.run(.url64, 28)], revoke: "https://console.cloud.google.com/apis/credentials"),
            TokenRow(
                "google-access-token", "Google access token", "ya29.", [.run(opaque, 20...)]),
            TokenRow(
                "google-refresh-token", "Google refresh token", "1//", [.run(opaque, 20...)],
                mark: .withForm),
            TokenRow(
                "azure-client-secret", "Azure client secret", "",
                [.run(azure, 3), .run(.digits, 1), "Q~", .run(azure, 31...34)], mark: .withForm,
                revoke: "https://portal.azure.com/"),
            TokenRow(
                "azure-storage-key", "Azure storage account key", "", [.run(.base64, 86), "=="],
                mark: .withForm, revoke: "https://portal.azure.com/"),
            TokenRow("vault", "Vault service token", "hvs.", [.run(.url64, 24...)]),
            TokenRow("vault-batch", "Vault batch token", "hvb.", [.run(.url64, 24...)]),
            TokenRow("vault-recovery", "Vault recovery token", "hvr.", [.run(.url64, 24...)]),
            TokenRow(
                "vault", "Vault service token", "s.", [.run(.base62, 24)], mark: .withForm),
            TokenRow(
                "vault-batch", "Vault batch token", "b.", [.run(.base62, 24...)], mark: .withForm),
            TokenRow(
                "vault-recovery", "Vault recovery token", "r.", [.run(.base62, 24)],
                mark: .withForm),
            digitalOcean("digitalocean", "personal access token", "dop_v1_"),
            digitalOcean("digitalocean-oauth", "OAuth token", "doo_v1_"),
            digitalOcean("digitalocean-refresh", "refresh token", "dor_v1_"),
            TokenRow(
                "cloudflare-origin-ca", "Cloudflare origin CA key", "v1.0-",
                [.run(.smallHex, 24), "-", .run(.smallHex, 146)], mark: .withForm,
                revoke: "https://dash.cloudflare.com/profile/api-tokens"),
            TokenRow(
                "doppler", "Doppler token", "dp.", [doppler, ".", .run(.base62, 40...44)],
                [doppler, ".", .run(.url64, 2...35), ".", .run(.base62, 40...44)], mark: .withForm,
                revoke: "https://dashboard.doppler.com/"),
        ]

    private static let doppler: TokenShape.Part = .run(.small, 2...5)
    private static let azure = ByteClass(["0"..."9", "a"..."z", "A"..."Z"], "_~.-")
    private static let opaque = ByteClass(["0"..."9", "a"..."z", "A"..."Z"], "_.-/")

    private static func aws(_ kind: Text, _ title: Text, _ start: String) -> TokenRow {
        TokenRow(
            kind, title, start, [.run(.base32, 16)], mark: .withForm,
            revoke: "https://console.aws.amazon.com/iam/", explain: AWSAccount.explain)
    }

    private static func digitalOcean(_ kind: Text, _ title: Text, _ start: String) -> TokenRow {
        TokenRow(
            kind, "DigitalOcean \(title)", start, [.run(.smallHex, 64)],
            url: "https://api.digitalocean.com/",
            revoke: "https://cloud.digitalocean.com/account/api/tokens")
    }
}
