import Testing

@testable import PasselCore

@Suite struct ImportFormatTests {
    private func entries(_ format: ImportFormat, _ text: String) throws -> [String] {
        let found = try format.items(Secret(plain: text), inflater: NoInflater())
        return found.items.map { item in
            let place = item.place.map(\.description).joined(separator: " > ")
            let content = item.content.withBytes { String(decoding: $0, as: UTF8.self) }
            return
                "\(place): \(content.split(separator: "\n", omittingEmptySubsequences: false).dropLast(content.hasSuffix("\n") ? 1 : 0).joined(separator: "|"))"
        } + found.leftOut.map { "- \($0)" }
    }

    private func message(_ format: ImportFormat, _ text: String) -> String? {
        do {
            _ = try entries(format, text)
            return nil
        } catch {
            return (error as? Problem)?.message.description
        }
    }

    @Test func `browsers and anybody's tables`() throws {
        #expect(
            try entries(
                .csv,
                "name,url,username,password,note\nx,https://x.example/,ann,\"a,b\",\n,https://y.example/z,,p,n\n"
            )
                == [
                    "x: a,b|username: ann|url: https://x.example/",
                    "https://y.example/z: p|url: https://y.example/z||n",
                ])
        #expect(
            try entries(.csv, "Title,Secret,Account: id,OTP\nx,p,7,JBSWY3DPEHPK3PXP\ny,,,\n")
                == [
                    "x: p|Account- id: 7|otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&issuer=x",
                    "- line 3 holds nothing to keep",
                ])
        #expect(
            message(.csv, "a,b\n1,2\n")
                == "no column is called password; the first line names the columns: \"a\", \"b\"")
        #expect(
            message(.csv, "{}") == "it is JSON, and this format has a table: comma-separated values"
        )
        #expect(message(.csv, " \n") == "there is nothing in it")
        #expect(message(.csv, "name,password\nx\n") == "line 2: it has 1 values for 2 columns")
    }

    @Test func `each manager's table`() throws {
        #expect(
            try entries(
                .bitwarden,
                "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\nci/web,1,login,x,n,\"a: 1\nb: 2\",0,https://x.example,ann,p,\n"
            )
                == ["ci > web > x: p|username: ann|url: https://x.example|a: 1|b: 2||n"])
        #expect(
            try entries(
                .onePassword,
                "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nx,https://x.example,ann,p,otpauth://totp/x?secret=JBSWY3DPEHPK3PXP,false,false,a;b,n\n"
            )
                == [
                    "x: p|username: ann|url: https://x.example|Tags: a;b|otpauth://totp/x?secret=JBSWY3DPEHPK3PXP||n"
                ])
        #expect(
            try entries(
                .lastpass,
                "url,username,password,totp,extra,name,grouping,fav\r\nhttp://sn,,,,\"Note\r\nmore\",n1,Secure\\Notes,0\r\nhttps://x.example,ann,a&amp;b,,,x,,0\r\n"
            )
                == [
                    "Secure > Notes > n1: Note|more",
                    "x: a&amp;b|username: ann|url: https://x.example",
                    "- line 4 has &amp;, &lt; or &gt; in it, as LastPass sometimes writes &, < and >: look at it",
                ])
        #expect(
            try entries(
                .keepass,
                "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\",\"TOTP\",\"Icon\",\"Last Modified\",\"Created\"\n\"Root/ci\",\"x\",\"ann\",\"p\",\"\",\"\",\"\",\"0\",\"d\",\"d\"\n\"Root\",\"y\",\"\",\"q\",\"\",\"\",\"\",\"0\",\"d\",\"d\"\n"
            )
                == ["ci > x: p|username: ann", "y: q"])
        #expect(
            try entries(
                .keepass,
                "\"Account\",\"Login Name\",\"Password\",\"Web Site\",\"Comments\"\n\"x\",\"ann\",\"a\\\"b\\\\\",\"https://x.example\",\"n\"\n"
            )
                == ["x: a\"b\\|username: ann|url: https://x.example||n"])
    }

    @Test func `bitwarden's JSON`() throws {
        let text = """
            {"encrypted":false,"folders":[{"id":"f","name":"ci/web"}],"items":[
            {"folderId":"f","name":"x","type":1,"notes":"n","login":{"uris":[{"uri":"https://x.example"},
            {"uri":"https://y.example"}],"username":"ann","password":"p\\u00fc\\n","totp":"JBSW Y3DP EHPK 3PXP"},
            "fields":[{"name":"a: b","value":"1","type":0},{"name":"c","value":null}]},
            {"name":"card","type":3,"card":{"number":"4111","code":"123"}},
            {"name":"key","type":5,"sshKey":{"privateKey":"-----BEGIN X-----\\nq\\n-----END X-----","publicKey":"ssh-x"}},
            {"name":"note","type":2,"notes":"l1\\nl2"},{"name":"none","type":1,"login":{}},
            {"name":"gone","deletedDate":"2026-01-01","login":{"password":"p"}}]}
            """
        #expect(
            try entries(.bitwarden, text) == [
                "ci > web > x: pü|username: ann|url: https://x.example|url: https://y.example|a- b: 1|otpauth://totp/x:ann?secret=JBSWY3DPEHPK3PXP&issuer=x||n",
                "card: 4111|code: 123",
                "key: -----BEGIN X-----|q|-----END X-----|publicKey: ssh-x",
                "note: l1|l2", "- none holds nothing to keep", "- gone is in the trash",
            ])
        #expect(
            message(.bitwarden, "{\"encrypted\":true,\"data\":\"x\"}")
                == "the export is encrypted for the account it came from, which alone can open it")
        #expect(message(.bitwarden, "{}") == "it has no \"items\", so it is no export of Bitwarden")
        #expect(message(.bitwarden, "{\"items\":") == "it is not JSON as Bitwarden writes it")
    }

    @Test func `KeePass's XML`() throws {
        func string(_ key: String, _ value: String) -> String {
            "<String><Key>\(key)</Key><Value ProtectInMemory=\"True\">\(value)</Value></String>"
        }
        let text = """
            <KeePassFile><Meta><RecycleBinUUID>B=</RecycleBinUUID><Binaries>
            <Binary ID="0">aGk=</Binary></Binaries></Meta><Root><Group><Name>Root</Name>
            <Group><UUID>A=</UUID><Name>ci</Name><Entry>\(string("Title", "x"))\
            \(string("UserName", "ann"))\(string("Password", "a&amp;b"))\(string("URL", ""))\
            \(string("account_id", "42"))\(string("otp", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"))\
            \(string("Notes", "n"))<Tags>a;b</Tags><Times><Expires>True</Expires>
            <ExpiryTime>2027-01-31T12:00:00Z</ExpiryTime></Times>
            <Binary><Key>f.txt</Key><Value Ref="0"/></Binary>
            <History><Entry>\(string("Password", "old"))</Entry></History></Entry></Group>
            <Group><UUID>B=</UUID><Name>Bin</Name><Entry>\(string("Password", "gone"))</Entry></Group>
            </Group></Root></KeePassFile>
            """
        #expect(
            try entries(.keepass, text) == [
                "ci > x: a&b|username: ann|account_id: 42|expires: 2027-01-31T12:00:00Z|tags: a;b|otpauth://totp/x?secret=JBSWY3DPEHPK3PXP||n",
                "ci > x > f.txt: hi", "- 1 entry of the recycle bin",
            ])
        #expect(
            try entries(.keepass, text.replacing("2027-01-31T12:00:00Z", with: "QBnx4g4AAAA="))[0]
                .contains("expires: 2027-01-31T12:00:00Z"))
        #expect(message(.keepass, "<a/>") == "it is not the XML of KeePass 2")
        #expect(
            message(.keepass, text.replacing("a&amp;b", with: "\n&x;"))
                == "line 4: it has an entity that is not known")
        #expect(
            message(.keepass, text.replacing("ProtectInMemory", with: "Protected"))
                == "the passwords in it are still encrypted")
    }

    @Test func `any JSON`() throws {
        #expect(
            try entries(
                .json,
                "{\"A\":\"1\",\"ci\":{\"B\":2,\"C\":true,\"D\":null,\"E\":\"\",\"F\":[1]},\"x\":{\"password\":\"p\",\"username\":\"ann\",\"n\":3},\"list\":[{\"name\":\"y\",\"password\":\"q\"}]}"
            )
                == [
                    "A: 1", "ci > B: 2", "ci > C: true", "x: p|username: ann|n: 3", "list > y: q",
                    "- ci/D is no text", "- ci/E is empty", "- ci/F is no text",
                ])
        #expect(message(.json, "[1") == "it is not JSON, or a key in it stands twice")
        #expect(message(.json, "{\"a\":\"1\",\"a\":\"2\"}") != nil)
        #expect(message(.json, "1") == "it is a single value: only objects have names for entries")
    }

    @Test func `the files of tools`() throws {
        #expect(
            try entries(
                .pypirc,
                "[distutils]\nindex-servers = pypi\n[pypi]\nusername = __token__\npassword = p\n[corp]\nrepository: https://corp.example/x\nusername: ann\npassword: a%b\nca_cert=/x\n[none]\nusername=u\n"
            )
                == [
                    "pypi: p|username: __token__|url: https://upload.pypi.org/legacy/",
                    "corp: a%b|username: ann|url: https://corp.example/x|ca_cert: /x",
                    "- [none] has no password",
                ])
        #expect(
            message(.pypirc, "[a]\npassword=1\n[a]\npassword=2\n")
                == "it has the section [a] twice, so nothing can read it")
        #expect(
            try entries(.dotenv, "A=1\nexport B='x y'\nC=passel://web/site\nD=\nA=2\nE=$x\n")
                == [
                    "B: x y", "A: 2", "E: $x", "- C is a reference to an entry", "- D is empty",
                    "- a doubt about E: readers differ on it without quotes",
                ])
        #expect(message(.dotenv, "A=$(x)") == "line 1: shells would run the value of A")
        #expect(
            try entries(
                .netrc,
                "machine a.example login ann password \"p \\\"q\" account z\n#x\ndefault login d password e\nmachine b login c\nmacdef m\n cd\n"
            )
                == [
                    "a.example: p \"q|username: ann|url: https://a.example|account: z",
                    "default: e|username: d", "- b has no password", "- its macros",
                ])
        #expect(
            try entries(
                .npmrc,
                "; c\n//registry.npmjs.org/:_authToken=\"t-1\"\n//c.example/npm/:username=u\n//c.example/npm/:_password=cCB3\n//d.example/:_auth=dTpwOnc=\n//e.example/:_authToken=${X}\nregistry=x\n//f.example/:username=u\n"
            )
                == [
                    "registry.npmjs.org: t-1|url: https://registry.npmjs.org/",
                    "c.example-npm: p w|username: u|url: https://c.example/npm/",
                    "d.example: p:w|username: u|url: https://d.example/",
                    "- //e.example/:_authToken is a variable",
                    "- //f.example/ has no token or password",
                ])
        #expect(
            try entries(
                .docker,
                "{\"auths\":{\"ghcr.io\":{\"auth\":\"dTpwOnc=\"},\"https://index.docker.io/v1/\":{\"username\":\"u\",\"password\":\"p\"},\"h\":{},\"i\":{\"auth\":\"dTo=\",\"identitytoken\":\"t\"}},\"credsStore\":\"pass\"}"
            )
                == [
                    "ghcr.io: p:w|username: u|url: https://ghcr.io",
                    "https://index.docker.io/v1/: p|username: u|url: https://index.docker.io/v1/",
                    "i: t|username: u|url: https://i",
                    "- the login for h, which is kept by a helper",
                ])
    }

    @Test func `1Password's data`() throws {
        let text = """
            {"accounts":[{"vaults":[{"attrs":{"name":"V"},"items":[
            {"overview":{"title":"x","url":"https://x.example","urls":[{"url":"https://x.example"},{"url":"https://y.example"}],"tags":["a","b"]},
            "details":{"loginFields":[{"designation":"username","value":"ann"},{"designation":"password","value":"p"},{"name":"pin","value":"7"}],
            "notesPlain":"n","sections":[{"fields":[{"title":"one-time","value":{"totp":"JBSWY3DPEHPK3PXP"}},{"title":"mail","value":{"email":{"email_address":"a@b"}}},
            {"title":"expires","value":{"date":1800000000}},{"title":"doc","value":{"file":{"documentId":"d","fileName":"f"}}}]}]}},
            {"overview":{"title":"api"},"details":{"sections":[{"fields":[{"id":"username","value":{"string":"u"}},{"id":"credential","title":"credential","value":{"concealed":"c"}}]}]}},
            {"overview":{"title":"none"},"details":{}}]},
            {"attrs":{"name":"W"},"items":[{"overview":{"title":"k"},"details":{"sections":[{"fields":[{"title":"key","value":{"sshKey":{"privateKey":"k1"}}}]}]}}]}]}]}
            """
        let found = try OnePasswordImport.items(Secret(plain: text)) { id, name in
            Secret(plain: "\(id)/\(name)")
        }
        let shown = found.items.map { item in
            item.place.map(\.description).joined(separator: " > ") + ": "
                + item.content.withBytes { String(decoding: $0, as: UTF8.self) }
                .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "|")
        }
        #expect(
            shown == [
                "V > x: p|username: ann|url: https://x.example|url: https://y.example|mail: a@b|expires: 2027-01-15|pin: 7|tags: a, b|otpauth://totp/x:ann?secret=JBSWY3DPEHPK3PXP&issuer=x||n|",
                "V > x > f: d/f", "V > api: c|username: u|", "W > k: k1|",
            ])
        #expect(found.leftOut == ["none holds nothing to keep"])
    }
}

/// For files in which nothing is packed.
struct NoInflater: Inflater {
    func inflate(_ packed: Secret, _ form: PackedForm, size: Int) throws -> Secret {
        throw Problem("nothing is packed here")
    }
}
