import Foundation
import Testing

/// The search for plaintext finds what was planted, and nothing else.
@Suite struct PlaintextScanTests {
    private static let marker = "KmRtVwXyZaBcDeFgHiJk"

    @Test(arguments: [
        "secret \(marker) here",
        Data("\(marker)".utf8).base64EncodedString(),
        Data("x\(marker)".utf8).base64EncodedString(),
        Data("xy\(marker)\n".utf8).base64EncodedString(),
        marker.utf8.map { String(format: "%02x", $0) }.joined(),
        marker.utf8.map { String(format: "%02X", $0) }.joined(),
        marker.utf8.map { String(format: "%%%02X", $0) }.joined(),
        marker.map { "\($0)\0" }.joined(),
        marker.map { "\0\($0)" }.joined(),
    ])
    func `every form of a planted secret is found`(_ planted: String) throws {
        #expect(PlaintextScan(Self.marker).find(in: Array(planted.utf8)) != nil)
    }

    @Test func `other text is no secret`() {
        let other = Array("KmRtVwXyZaBcDeFgHiJ and then something else".utf8)
        #expect(PlaintextScan(Self.marker).find(in: other) == nil)
    }
}
