import PasselCore
import PasselImport
import Testing

/// Exports that were made by Python's `cryptography` and `argon2-cffi` of one text.
@Suite struct BitwardenOpeningTests {
    private static let password = "ünd pass"
    private static let pbkdf2 = """
        {
        "encrypted":true,
        "passwordProtected":true,
        "salt":"ReMmUMn9Hbm9mtxo4l1TUA==",
        "kdfType":0,
        "kdfIterations":6000,
        "encKeyValidation_DO_NOT_EDIT":"2.j4jRbtUsi36OiwMpk9LmhQ==|6Hys1wJuRSgMSGrUhHBhZpCaCSXGtNbsSVrwABBn4KLCSKHTFt4V\
        ZPVdaf2K40zo|FkRqlLS7cIljYcxLBr6Xt8vAsq+zi0PWZMcEfzR/0TA=",
        "data":"2.vFoQBy2qPiv8g617ObAMbA==|FAXznuTWoUCuGFByK1hzh+mT8p1ZKCDJ2/61h2B+Yvn4mYgq1Cmf\
        baKGdAg/e3+9Uu5LHSbbcLt8h55n7qRnSlyePh1ChQCYcljQPFn+/MKzs7vFevmPe9AkClFY8k97ibkc\
        l1I58OEK+/qc13xOYQ94eDIP5nQs+Gx+h8iMzOXl/0mtf9p8EaHgd58atR7Yt9KYz6AXR2Q84BhQnvHM\
        8+31Cy8kxLKDxCuXdnayP1L7ZJ2aNWB8RpfXcKQpPIodjxkJTantq6m9M6KCuD4SfsKMhDyLS4+XuGd5\
        HLf9wlH7fadSkRd/pp0mM80BqypSW/zu0u8eaXQwNp1lrHlRpP/e7xZSaR9dPsBauI7P7iGF296ubKG2\
        jB6VKi46O/LV6eLnXV0EScJ9aykCReUvzECPdajbVk3GjKSnurtnwz4i2Ij1DfFoilcpkx4N4LO2Fb8L\
        iDmxARYvNp031ZG3fw==|i2zmUgsv0pOZ7gbGKmIfiMcFYHNe9VLY90fG6ZLEEtQ="
        }
        """
    private static let argon2id = """
        {
        "encrypted":true,
        "passwordProtected":true,
        "salt":"sV1V5XfY4UWWatjoS//dLg==",
        "kdfType":1,
        "kdfIterations":2,
        "kdfMemory":8,
        "kdfParallelism":4,
        "encKeyValidation_DO_NOT_EDIT":"2.Bx8KH39/R9F8p289EEYs2w==|Lxxa6YWaM/CtDAmwZpXNnNozV6axvTflMnSSbwFFsSf25f+YTO58\
        QwL/IVeQKWhH|T7goyFXniN8BJFlf+Iyw6hgxDCgQqIQfhQzPzhDu2rI=",
        "data":"2.JX/tiwlPSkiRny9Fbm5p7A==|fD2ihVCyERjbjAmgtnebyOVAdLzPFmARjdjMXtvJ9v1ymOJqZXx7\
        HLrouwPADpKp7D9eKa/ap60RNQ3Ir5XashMPHo8PfbGHnh2AtoQGeoDG8Vz2DzTU6Pw1wfyODsDhrPZb\
        MxFpYyWYXdmBMqp4/AKn5+qHg6dqHBwAkNDiapk098XGnHZD04BWc0ont+/+0z1EQcT00fSD/vfQFemT\
        jDHwWVTN9qhxoXONL2kvWa27drWLx9J60umSSILHWxzHArAe+xLG4dqDIkweXE7svXi3Xgh/e19lRTwN\
        MYuGCYo5uXLt8QB7u1xAqjq3VRX8yM4k9wFJWXKXpddTmRX9lO5uJ/YiuPX0apYEg+rHFJrdlAaUBxhx\
        +zP4LvHa/J7SeuBDOpHcP+5s1hDnOMAn3qm3cFET3ql3DGTVGrJWS+bNQGBpecJDoKCAlRV6BczUqmX0\
        iMhABuJa9hyilyUE1Q==|M/dUysLzN6sy/Mp03CixXCDuHQmO7XJ/myz05ct8YAU="
        }
        """

    @Test(arguments: [pbkdf2, argon2id])
    func `the right password opens both kinds`(_ text: String) throws {
        let items = try ImportFormat.bitwarden.items(inSource: Secret(plain: text)) {
            Secret(plain: Self.password)
        }.items
        #expect(items.map(\.place) == [["ci", "web", "site"]])
        #expect(items[0].content.line(1) == Secret(plain: "pear-tree"))
    }

    @Test(arguments: [pbkdf2, argon2id])
    func `a wrong password opens nothing`(_ text: String) throws {
        #expect(try BitwardenEnvelope(Secret(plain: text)).opened(with: Secret(plain: "x")) == nil)
        #expect(try BitwardenEnvelope(Secret(plain: text)).opened(with: Secret(plain: "")) == nil)
    }

    @Test func `a changed text is found`() throws {
        let changed = Self.pbkdf2.replacing("FAXznuTWoUC", with: "FAXznuTWoUD")
        #expect(changed != Self.pbkdf2)
        #expect(throws: Problem.self) {
            try BitwardenEnvelope(Secret(plain: changed)).opened(with: Secret(plain: Self.password))
        }
    }

    @Test(arguments: [
        ("\"kdfIterations\":6000", "\"kdfIterations\":0"),
        ("\"kdfIterations\":6000", "\"kdfIterations\":10000001"),
        ("\"kdfType\":0", "\"kdfType\":7"), ("\"kdfType\":0", "\"kdfType\":1"),
        ("\"data\":\"2.", "\"data\":\"1."), ("|i2zmUgsv", "i2zmUgsv"), ("\"salt\"", "\"pepper\""),
    ])
    func `what asks for something else is refused`(old: String, new: String) {
        let text = Self.pbkdf2.replacing(old, with: new)
        #expect(text != Self.pbkdf2)
        #expect(throws: Problem.self) { try BitwardenEnvelope(Secret(plain: text)) }
    }

    @Test func `an export in clear is none`() {
        #expect(!BitwardenEnvelope.isOne(Secret(plain: "{\"encrypted\":false,\"items\":[]}")))
        #expect(!BitwardenEnvelope.isOne(Secret(plain: "name,password\n")))
    }
}
