import PasselCore
import PasselPosix

/// Whoever is logged in with `az`, the program of Azure.
struct AzureProgram: AzureIdentity {
    private let environment: ProcessEnvironment

    init(_ setup: BackendSetup) { environment = setup.environment }

    var credential: BackendSetup.Found<Secret?> {
        BackendSetup.Found(value: nil, setting: nil, origin: "az")
    }

    func token(
        for service: Text, _ deadline: Deadline, challenge: () throws -> AzureChallenge
    ) throws -> Secret {
        var az = ChildProcess(
            "az",
            [
                "account", "get-access-token", "--resource", service.description, "--query",
                "accessToken", "--output", "tsv",
            ], environment: environment)
        az.output = .captured
        az.error = .captured
        let outcome: ChildProcess.Outcome
        do {
            outcome = try az.run()
        } catch {
            throw BackendFailure(
                .auth,
                "neither client-secret nor AZURE_CLIENT_SECRET has the secret, and there is no az",
                setting: "client-secret")
        }
        guard outcome.status == 0, let token = outcome.output.line(1), !token.isEmpty else {
            throw BackendFailure(.auth, "az has no token: az login")
        }
        return token
    }
}
