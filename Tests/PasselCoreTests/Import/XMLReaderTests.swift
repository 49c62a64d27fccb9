import Testing

@testable import PasselCore

@Suite struct XMLReaderTests {
    private func text(_ xml: String) throws -> String {
        try Secret(plain: xml).withBytes { bytes in
            let tree = try XMLTree(bytes)
            return try tree.text(tree.root).asText.description
        }
    }

    @Test func `text is what XML means by it`() throws {
        #expect(try text("<a>&lt;&amp;&#65;&#x1F600;&quot;&apos;&gt;</a>") == "<&A😀\"'>")
        #expect(
            try text("<?xml version='1.0'?><!-- <b> --><a x='1'>p<![CDATA[<q>&]]>\r\nr</a>\n")
                == "p<q>&\nr")
        #expect(try text("<a><b>in</b>out</a>") == "out")
        #expect(try text("<a/>") == "")
    }

    @Test func `attributes are found`() throws {
        try Secret(plain: "<a><b ID=\"1\" c = 'x&amp;y'/></a>").withBytes { bytes in
            let tree = try XMLTree(bytes)
            let node = try #require(tree.root["b"])
            #expect(try tree.attribute("ID", of: node) == "1")
            #expect(try tree.attribute("c", of: node) == "x&y")
            #expect(try tree.attribute("d", of: node) == nil)
        }
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "<a>&x;</a>", "<a>",
        "<a></b>", "</a>", "<a", "<a b>", "<a b=c></a>", "<a b='>", "x<a/>", "<a/>x", "<a/><b/>",
        "",
        "<a>&#xD800;</a>", "<a>&#;</a>", "<a>&amp</a>", "<![CDATA[x]]>", "<a><![CDATA[x</a>",
        "<!-- -", String(repeating: "<a>", count: 129),
    ])
    func `what is not XML, or more than that, is refused`(_ xml: String) {
        #expect(throws: XMLReader.Flaw.self) { try text(xml) }
    }

    @Test func `the line of a flaw is told`() {
        #expect(throws: XMLReader.Flaw(line: 3, reason: "it has an entity that is not known")) {
            try text("<a>\n\n&x;</a>")
        }
    }
}
