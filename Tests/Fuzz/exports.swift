/// Whatever a file is that values are put into: no trap, what is put in is found again and once, and
/// can be taken out.
func fuzzExports(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let content = Secret(copying: UnsafeRawBufferPointer(start: start, count: count))
    let item = ExportItem(
        name: "pypi", entry: "ci/pypi", reference: "ci/pypi", value: Secret(plain: "a-value"),
        kind: "pypi", url: "https://upload.example/legacy/", username: "ann")
    let files: [any MergedFile] = [
        PyPIRC(), NetRC(), NPMRC(), PipConfiguration(), DockerAuths(), DotenvLines(),
        EnvrcBlock(isMaterialised: true),
    ]
    for file in files {
        guard let mark = try? file.mark(of: item),
            let merged = try? file.content(with: [item], in: content)
        else { continue }
        let removed = try? file.removing(mark, from: merged)
        precondition(removed != nil, "\(type(of: file)) cannot take its part out")
        let isOld = holdsValue(content)
        precondition(isOld || removed.map(holdsValue) != true, "\(type(of: file)) leaves a value")
    }
    return 0
}

private func holdsValue(_ content: Secret) -> Bool {
    content.withBytes { Array($0).includes(Array("a-value".utf8)) }
}
