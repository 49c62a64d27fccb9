import PasselBackends

@main
struct Main {
    static func main() {
        BackendProgram.main()
    }
}
