extension TokenTable {
    /// Other services.
    static let services: [TokenRow] =
        [
            slack("slack-bot", "bot token", "xoxb-"),
            slack("slack-user", "user token", "xoxp-"),
            slack("slack-bot", "rotating bot token", "xoxe.xoxb-1-"),
            slack("slack-user", "rotating user token", "xoxe.xoxp-1-"),
            slack("slack-refresh", "refresh token", "xoxe-1-"),
            TokenRow(
                "slack-app", "Slack app token", "xapp-",
                [
                    .run(.digits, 1), "-", .run(.largeBase36, 1...), "-", .run(.digits, 1...), "-",
                    .run(.smallBase36, 1...),
                ], url: "https://slack.com/api/", revoke: "https://api.slack.com/apps"),
            TokenRow(
                "slack-webhook", "Slack webhook", "https://hooks.slack.com/services/",
                [
                    .run(.largeBase36, 8...), "/", .run(.largeBase36, 8...), "/",
                    .run(.base62, 20...),
                ], revoke: "https://api.slack.com/apps"),
        ] + stripe + [
            TokenRow(
                "stripe-webhook", "Stripe webhook secret", "whsec_", [.run(.base64, 10...247)],
                revoke: "https://dashboard.stripe.com/webhooks"),
            TokenRow(
                "anthropic", "Anthropic API key", "sk-ant-api03-", [.run(.url64, 93), "AA"],
                revoke: "https://console.anthropic.com/settings/keys"),
            TokenRow(
                "anthropic-admin", "Anthropic admin key", "sk-ant-admin01-",
                [.run(.url64, 93), "AA"],
                revoke: "https://console.anthropic.com/settings/admin-keys"),
            TokenRow(
                "openai", "OpenAI API key", "sk-",
                [.run(.url64, 4...), "T3BlbkFJ", .run(.url64, 4...)], mark: .withForm,
                revoke: "https://platform.openai.com/api-keys"),
            TokenRow(
                "grafana", "Grafana service account token", "glsa_",
                [.run(.base62, 32), "_", .run(.hex, 8)], check: TokenChecksum.grafana),
            TokenRow(
                "sentry-organization", "Sentry organization token", "sntrys_",
                [.run(sentry, 40...)], explain: TokenHead.sentry),
            TokenRow(
                "sentry", "Sentry user token", "sntryu_", [.run(.smallHex, 64)],
                revoke: "https://sentry.io/settings/account/api/auth-tokens/"),
            TokenRow(
                "1password", "1Password service account token", "ops_eyJ", [.run(.url64, 100...)],
                explain: TokenHead.onePassword),
            TokenRow(
                "telegram", "Telegram bot token", "",
                [.run(.digits, 5...16), ":A", .run(.url64, 34)], mark: .withForm,
                url: "https://api.telegram.org/"),
            TokenRow(
                "jwt", "JSON Web Token", "eyJ",
                [.run(.url64, 10...), ".", .run(.url64, 2...), ".", .run(.url64, 0...)],
                mark: .withForm, explain: JWT.explain),
            TokenRow(
                "age", "age secret key", "AGE-SECRET-KEY-1", [.run(.largeBase36, 58)],
                check: { Bech32.isValid($0) }),
        ]

    private static let sentry = ByteClass(["0"..."9", "a"..."z", "A"..."Z"], "-_+/=")

    private static func slack(_ kind: Text, _ title: Text, _ start: String) -> TokenRow {
        TokenRow(
            kind, "Slack \(title)", start, [.run(.url64, 20...)], url: "https://slack.com/api/",
            revoke: "https://api.slack.com/apps")
    }

    private static let stripe: [TokenRow] =
        [("sk", "secret key"), ("rk", "restricted key"), ("pk", "publishable key")].flatMap {
            (start: String, title: Text) in
            ["live", "test", "prod"].map { mode in
                TokenRow(
                    "stripe", "Stripe \(title)", "\(start)_\(mode)_", [.run(.base62, 10...247)],
                    url: "https://api.stripe.com/",
                    revoke: "https://dashboard.stripe.com/apikeys",
                    explain: { _, finding in
                        finding.claim("mode", "\(mode)")
                        if mode == "test" { finding.warnings.append("works for tests only") }
                        if start == "pk" { finding.warnings.append("is no secret") }
                    })
            }
        }

    /// What nothing marks.
    static let vague: [TokenRow] = [
        TokenRow(
            "aws-secret-key", "AWS secret access key", "", mark: .vague,
            revoke: "https://console.aws.amazon.com/iam/",
            recognises: { isForty($0, of: .base64) && $0.contains { "+/".utf8.contains($0) } }),
        TokenRow(
            "cloudflare", "Cloudflare API token", "", mark: .vague,
            revoke: "https://dash.cloudflare.com/profile/api-tokens",
            recognises: { isForty($0, of: .url64) && $0.contains { "-_".utf8.contains($0) } }),
        TokenRow(
            "aws-secret-key", "AWS secret access key, or Cloudflare API token", "", mark: .vague,
            recognises: { isForty($0, of: .base62) }),
    ]

    /// Digits and small letters up to f alone would be the name of a git commit.
    private static func isForty(_ bytes: UnsafeRawBufferPointer, of letters: ByteClass) -> Bool {
        bytes.count == 40 && bytes.allSatisfy(letters.contains)
            && !bytes.allSatisfy(ByteClass.smallHex.contains)
            && bytes.contains(where: ByteClass.digits.contains)
            && bytes.contains(where: ByteClass.large.contains)
            && bytes.contains(where: ByteClass.small.contains)
    }
}
