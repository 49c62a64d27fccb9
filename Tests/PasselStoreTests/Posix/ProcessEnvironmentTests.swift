import Foundation
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@Suite struct ProcessEnvironmentTests {
    @Test func `variables are set, replaced and removed`() {
        var environment = ProcessEnvironment(["A": Bytes("1".utf8)])
        environment["B"] = [0xFF]
        environment["A"] = Bytes("2=3".utf8)
        #expect(environment["A"] == Bytes("2=3".utf8))
        #expect(environment.entries == [[0x42, 0x3D, 0xFF], Bytes("A=2=3".utf8)])
        environment["B"] = nil
        #expect(environment["B"] == nil && environment["C"] == nil)
    }

    @Test func `an empty variable is there`() {
        var environment = ProcessEnvironment([:])
        environment["E"] = []
        #expect(environment["E"] == [])
        #expect(environment.entries == [Bytes("E=".utf8)])
    }

    @Test func `the program's own variables are seen`() {
        let path = ProcessInfo.processInfo.environment["PATH"]
        #expect(ProcessEnvironment.current["PATH"]?.text == path)
    }
}
