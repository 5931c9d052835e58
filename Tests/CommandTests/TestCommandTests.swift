// SPDX-License-Identifier: Apache-2.0

import Testing

/// What `skep test` and `skep kernels` answer before anything is fetched or booted.
@Suite struct TestCommandTests {
    @Test(
        "bad input ends with a sentence that helps",
        arguments: [
            (["test", "nosuch", "--kernel", "6.1"], 1, "there is no service nosuch"),
            (["test", "opens", "--kernel", ","], 2, "--kernel names no kernel"),
            (["test", "opens", "--kernel", "6.1", "--script", "missing.sh"], 2, "cannot read the script missing.sh"),
            (["test", "opens", "--kernel", "6.1", "--expect", "nope==3"], 2, "no column 'nope'"),
            (["test", "opens", "--kernel", "6.1", "--expect", "3: pid="], 2, "="),
            (["kernels", "fetch", "../x", "--mirror", "http://mirror.invalid/debian"], 2, "'../x' is not a kernel"),
            (["kernels", "fetch", "6.1", "--mirror", "nowhere"], 2, "'nowhere' is not the address of a mirror"),
            (["kernels", "fetch", "--update-lock"], 2, "--update-lock needs --lock PATH"),
            (["kernels", "fetch", "--lock", "missing.lock"], 2, "cannot read the lock missing.lock"),
        ])
    func badInput(arguments: [String], code: Int32, expected: String) throws {
        let answer = try Skep.run(arguments, environment: ["SKEP_KERNELS": Skep.workspace + "/kernels"])
        #expect(answer.code == code, "\(answer.errors)")
        #expect(answer.errors.contains(expected))
        #expect(answer.output.isEmpty)
    }

    @Test("a kernel that was not fetched is told with the command that fetches it, and nothing is there to list")
    func nothingFetched() throws {
        let environment = ["SKEP_KERNELS": Skep.workspace + "/no-kernels"]
        let test = try Skep.run(["test", "opens"], environment: environment)
        #expect(test.code == 1)
        #expect(test.errors.contains("skep kernels fetch"))
        let list = try Skep.run(["kernels", "list", "--json"], environment: environment)
        #expect(list.code == 0 && list.output.isEmpty)
    }
}
