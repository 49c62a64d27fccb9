/// Whatever a file of variables is: no trap, and what is read and can be written is read the same.
func fuzzDotenv(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let source = Secret(copying: UnsafeRawBufferPointer(start: start, count: count))
    _ = try? Profile(source)
    if let template = try? Template(source) {
        _ = template.filled(with: template.references.map { _ in Secret(plain: "x") })
    }
    guard let assignments = try? Dotenv.assignments(in: source) else { return 0 }
    for assignment in assignments {
        precondition(assignment.line >= 1 && assignment.line <= assignment.lastLine)
        guard let line = try? Dotenv.line(assignment.name, assignment.value) else { continue }
        let again = try? Dotenv.assignments(in: line)
        precondition(again?.count == 1 && again?.first?.name == assignment.name)
        precondition(again?.first?.value == assignment.value)
    }
    return 0
}
