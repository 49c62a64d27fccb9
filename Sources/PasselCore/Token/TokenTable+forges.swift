extension TokenTable {
    /// Forges, and what builds for them.
    static let forges: [TokenRow] =
        [
            github("github", "personal access token (classic)", "ghp_"),
            TokenRow(
                "github-fine-grained", "GitHub personal access token (fine-grained)", "github_pat_",
                [.run(.base62, 22), "_", .run(.base62, 59)], url: "https://github.com/",
                revoke: "https://github.com/settings/personal-access-tokens"),
            github("github-oauth", "OAuth access token", "gho_"),
            github("github-app-user", "app token for a user", "ghu_"),
            github("github-app-installation", "app installation token", "ghs_"),
            github("github-refresh", "refresh token", "ghr_"),
            gitlab("gitlab", "personal, group or project access token", "glpat-"),
            gitlab("gitlab-deploy", "deploy token", "gldt-"),
            gitlab("gitlab-runner", "runner token", "glrt-", [.run(.url64, 20...26)]),
            gitlab(
                "gitlab-runner-registration", "runner registration token", "GR1348941"),
            gitlab(
                "gitlab-job", "CI job token", "glcbt-",
                [.run(.smallHex, 1...5), "_", .run(.url64, 20)]),
            gitlab("gitlab-trigger", "pipeline trigger token", "glptt-", [.run(.smallHex, 40)]),
            gitlab("gitlab-feed", "feed token", "glft-", [.run(.url64, 20...)]),
            gitlab("gitlab-incoming-mail", "incoming mail token", "glimt-", [.run(.url64, 25)]),
            gitlab("gitlab-agent", "agent token", "glagent-", [.run(.url64, 50)]),
            gitlab("gitlab-oauth", "OAuth application secret", "gloas-", [.run(.url64, 64)]),
            gitlab("gitlab-scim", "SCIM token", "glsoat-"),
            gitlab("gitlab-feature-flags", "feature flags client token", "glffct-"),
            TokenRow(
                "circleci", "CircleCI personal access token", "CCIPAT_",
                [.run(.base62, 1...40), "_", .run(.smallHex, 40)],
                revoke: "https://app.circleci.com/settings/user/tokens"),
            TokenRow(
                "circleci-project", "CircleCI project token", "CCIPRJ_",
                [.run(.base62, 1...40), "_", .run(.smallHex, 40)]),
            TokenRow(
                "terraform", "Terraform Cloud token", "",
                [.run(.base62, 14), ".atlasv1.", .run(.url64, 60...70)], mark: .withForm,
                url: "https://app.terraform.io/"),
        ]

    private static func github(_ kind: Text, _ title: Text, _ start: String) -> TokenRow {
        // The second form is that of installation tokens since 2026: nothing in it can be checked.
        let long: TokenShape = start == "ghs_" ? [.run(stateless, 37...)] : [.run(.base62, 36)]
        return TokenRow(
            kind, "GitHub \(title)", start, [.run(.base62, 36)], long,
            check: { bytes in
                bytes.count == 40 ? TokenChecksum.base62(of: bytes, behind: 4) : nil
            },
            url: "https://github.com/",
            revoke: start == "ghp_" ? "https://github.com/settings/tokens" : nil)
    }

    private static let stateless = ByteClass(["0"..."9", "a"..."z", "A"..."Z"], "._-")

    private static func gitlab(
        _ kind: Text, _ title: Text, _ start: String,
        _ classic: TokenShape = [.run(.url64, 20)]
    ) -> TokenRow {
        TokenRow(
            kind, "GitLab \(title)", start, classic,
            [.run(.url64, 27...), ".", .run(.smallBase36, 9)],
            [.run(.url64, 27...), ".", .run(.digits, 2), ".", .run(.smallBase36, 9)],
            check: { GitLabRoutable($0)?.isChecksumGood }, explain: GitLabRoutable.explain)
    }
}
