// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import CheckWorkload
import Diagnostics
import Linux

extension KernelCheck {
    /// Streams, delegated rights and signatures of programs.
    static let programRightsChecks = [
        KernelCheck(
            "what a program writes to its streams is read once, whole and in order", minimumKernel: "6.17",
            subject: .feature("streams of programs (bpf_stream_printk)")
        ) {
            let object = try CheckObject.load("streams")
            let program = try object.program(named: "tell")
            let link = try program.attach()
            skep_workload_get_parent(3)
            link.detach()
            let failure = Int64(bitPattern: try object.number("failure"))
            // The kernel takes this memory without locks, which not every machine can.
            if failure == -12 { return .skipped("the kernel has no memory for streams where this program runs") }
            try expectSame(failure, 0, "the error of writing")
            try expectSame(try program.readStream(.output), "call 1\ncall 2\ncall 3\n", "the output")
            try expectSame(try program.readStream(.errors), "odd\nodd\n", "the errors")
            try expectSame(try program.readStream(.output), "", "the output when it is read again")
            return .passed
        },
        KernelCheck(
            "a process without rights loads what another one delegated to it", minimumKernel: "6.9",
            subject: .feature("tokens for containers (BPF token)")
        ) {
            let program = try Files.linkTarget("/proc/self/exe")
            let answer = skep_workload_delegate(program)
            if answer < 0 {
                // The library says what the kernel lacks, when that is the reason.
                var options = LoadOptions()
                options.tokenPath = "/sys/fs"
                options.programs = ["on_frame"]
                do throws(BPFError) {
                    let spec: ObjectSpec
                    do { spec = try CheckObject.spec("network") } catch { return .failed("\(error)") }
                    _ = try LoadedObject(spec, options: options)
                } catch {
                    if error.code == .notSupported { throw error }
                }
                return .failed("the delegation failed with \(Errno(rawValue: Int32(-answer)).name)")
            }
            try expectSame(answer, 0, "the exit status of the process")
            return .passed
        },
        KernelCheck(
            "a signed program is loaded with its signer's certificate, and a changed one is not", minimumKernel: "6.18",
            subject: .feature("signed programs"), options: ["CONFIG_SYSTEM_DATA_VERIFICATION"]
        ) {
            // Without the type of key the kernel says below what it lacks.
            let added = skep_workload_add_certificate(SignedProgram.certificate, UInt(SignedProgram.certificate.count))
            let signature = ProgramSignature(bytes: SignedProgram.signature, keyring: -2)
            var options = LoadOptions()
            options.signatures = ["trusted": signature, "changed": signature]
            options.programs = ["trusted"]
            let object = try LoadedObject(try CheckObject.spec("signed"), options: options)
            try expectSame(added, 0, "the error of adding the certificate")
            let run = try BPFSystemCall.testRun(
                TestRun(program: object.program(named: "trusted").rawDescriptor, data: [UInt8](repeating: 0, count: 64))
            )
            try expectSame(run.returnValue, 7, "the program's result")
            options.programs = ["changed"]
            do throws(BPFError) {
                let spec: ObjectSpec
                do { spec = try CheckObject.spec("signed") } catch { return .failed("\(error)") }
                _ = try LoadedObject(spec, options: options)
                return .failed("the changed program was loaded")
            } catch {
                try expectSame(error.code, .refused, "the error's code")
                return .passed
            }
        },
        KernelCheck(
            "a program with a signature that is none is refused, and told so", minimumKernel: "6.18",
            subject: .feature("signed programs"), options: ["CONFIG_SYSTEM_DATA_VERIFICATION"]
        ) {
            var options = LoadOptions()
            options.programs = ["on_frame"]
            options.signatures = ["on_frame": ProgramSignature(bytes: [UInt8](repeating: 0x30, count: 64))]
            do throws(BPFError) {
                let spec: ObjectSpec
                do { spec = try CheckObject.spec("network") } catch { return .failed("\(error)") }
                _ = try LoadedObject(spec, options: options)
                return .failed("it was loaded")
            } catch {
                if error.code == .notSupported { throw error }
                try expectSame(error.code, .refused, "the error's code")
                try expect(error.message.contains("signature"), "the message is \(error.message)")
                return .passed
            }
        },
    ]

    /// What the process without rights does: fails without the delegated rights, and loads and runs with them.
    static func runDelegated(descriptor: String) throws {
        var options = LoadOptions()
        options.programs = ["on_frame"]
        options.tokenPath = ""
        do throws(BPFError) {
            let spec: ObjectSpec
            do { spec = try CheckObject.spec("network") } catch { throw BPFError(.malformed, "\(error)") }
            _ = try LoadedObject(spec, options: options)
            throw BPFError(.system, "it loads without the delegated rights")
        } catch {
            guard error.code == .refused else { throw error }
        }
        options.tokenPath = "/proc/self/fd/\(descriptor)"
        let object = try LoadedObject(try CheckObject.spec("network"), options: options)
        var run = TestRun(
            program: try object.program(named: "on_frame").rawDescriptor, data: [UInt8](repeating: 0, count: 64))
        run.repetitions = 5
        _ = try BPFSystemCall.testRun(run)
    }
}
