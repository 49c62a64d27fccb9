import PasselTesting

/// An index on this machine that checks macaroons as PyPI does, for programs in Python.
enum UploadIndex {
    /// Starts `index`, whose clock is ahead by the number in an address, and makes the project
    /// `tinyp`.
    static let source = """
        import os, subprocess, sys
        sys.path.insert(0, "\(Source.root)/Tests/Support")
        sys.dont_write_bytecode = True
        import upload_index
        index = upload_index.start()
        upload_index.package()

        """
}
