extension TokenTable {
    /// Indexes of packages, and registries of images.
    static let indexes: [TokenRow] = [
        TokenRow(
            "pypi", "PyPI API token", "pypi-AgEIcHlwaS5vcmcC", [.run(.url64, 85...)],
            url: "https://upload.pypi.org/legacy/", username: "__token__",
            revoke: "https://pypi.org/manage/account/token/", explain: PyPIToken.explain),
        TokenRow(
            "testpypi", "TestPyPI API token", "pypi-AgENdGVzdC5weXBpLm9yZwI",
            [.run(.url64, 85...)],
            url: "https://test.pypi.org/legacy/", username: "__token__",
            revoke: "https://test.pypi.org/manage/account/token/", explain: PyPIToken.explain),
        TokenRow(
            "pypi", "PyPI API token", "pypi-", [.run(.url64, 85...)], username: "__token__",
            explain: PyPIToken.explain),
        TokenRow(
            "devpi", "devpi token", "devpi-", [.run(.url64, 40...)], mark: .withForm,
            explain: PyPIToken.explainOther),
        TokenRow(
            "npm", "npm access token", "npm_", [.run(.base62, 36)],
            check: { TokenChecksum.base62(of: $0, behind: 4) },
            url: "https://registry.npmjs.org/", revoke: "https://www.npmjs.com/settings/~/tokens"),
        TokenRow(
            "crates-io", "crates.io API token", "cio", [.run(.base62, 32)], mark: .withForm,
            url: "https://crates.io/", revoke: "https://crates.io/settings/tokens"),
        TokenRow(
            "rubygems", "RubyGems API key", "rubygems_", [.run(.smallHex, 48)],
            url: "https://rubygems.org/", revoke: "https://rubygems.org/profile/api_keys"),
        TokenRow(
            "nuget", "NuGet API key", "oy2", [.run(.smallBase36, 43)], mark: .withForm,
            url: "https://api.nuget.org/v3/index.json",
            revoke: "https://www.nuget.org/account/apikeys"),
        TokenRow(
            "docker", "Docker Hub personal access token", "dckr_pat_", [.run(.url64, 27)],
            url: "https://index.docker.io/v1/",
            revoke: "https://app.docker.com/settings/personal-access-tokens"),
        TokenRow(
            "docker-organization", "Docker Hub organization access token", "dckr_oat_",
            [.run(.url64, 32)], url: "https://index.docker.io/v1/"),
        TokenRow(
            "huggingface", "Hugging Face access token", "hf_", [.run(.base62, 34)],
            mark: .withForm, url: "https://huggingface.co/",
            revoke: "https://huggingface.co/settings/tokens"),
        TokenRow(
            "huggingface-organization", "Hugging Face organization token", "api_org_",
            [.run(.base62, 34)], mark: .withForm, url: "https://huggingface.co/"),
    ]
}
