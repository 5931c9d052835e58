// SPDX-License-Identifier: Apache-2.0

import Linux

extension KernelCheck {
    /// The bpf(2) commands that everything else rests on, called directly.
    static let systemCallChecks = [
        KernelCheck("a hash map gives back what was put in") {
            var creation = MapCreation(kind: 1, keySize: 4, valueSize: 8, maxEntries: 4)  // BPF_MAP_TYPE_HASH
            creation.name = "skep_check"
            let map = try BPFSystemCall.createMap(creation)
            var key: UInt32 = 7
            var value: UInt64 = 42
            var found: UInt64 = 0
            try BPFSystemCall.update(map: map.rawValue, key: &key, value: &value, flags: 0)
            try expect(
                try BPFSystemCall.lookup(map: map.rawValue, key: &key, value: &found, flags: 0), "the key is not there")
            try expect(found == 42, "the value is \(found)")
            try expect(try BPFSystemCall.delete(map: map.rawValue, key: &key), "the key cannot be deleted")
            try expect(
                try !BPFSystemCall.lookup(map: map.rawValue, key: &key, value: &found, flags: 0),
                "the key is still there after it was deleted")
            return .passed
        },
        KernelCheck("a map tells what it was made of") {
            // BPF_MAP_TYPE_ARRAY
            let map = try BPFSystemCall.createMap(
                MapCreation(kind: 2, keySize: 4, valueSize: 16, maxEntries: 3, name: "skep_check"))
            let information = try BPFSystemCall.mapInformation(of: map.rawValue)
            try expect(information.name == "skep_check", "the name is \(information.name)")
            try expect(information.valueSize == 16, "the value size is \(information.valueSize)")
            try expect(information.maxEntries == 3, "the entries are \(information.maxEntries)")
            return .passed
        },
        KernelCheck("a ring buffer can be made") {
            _ = try BPFSystemCall.createMap(
                MapCreation(kind: 27, keySize: 0, valueSize: 0, maxEntries: 4096, name: "skep_check"))
            return .passed
        },
        KernelCheck("a program is loaded and runs on test data") {
            var none: VerifierLog?
            let program = try BPFSystemCall.loadProgram(
                ProgramLoad(kind: 1, name: "skep_check", license: "GPL"), instructions: returning(3), log: &none)
            let result = try BPFSystemCall.testRun(
                TestRun(program: program.rawValue, data: [UInt8](repeating: 0, count: 64)))
            try expect(result.returnValue == 3, "the program returned \(result.returnValue)")
            return .passed
        },
        KernelCheck("the verifier refuses a program without an exit and says why") {
            var log: VerifierLog? = VerifierLog(level: 1, capacity: 4096)
            do throws(LinuxError) {
                _ = try BPFSystemCall.loadProgram(
                    ProgramLoad(kind: 1, license: "GPL"), instructions: Array(returning(0).prefix(8)), log: &log)
            } catch {
                guard error.errno == .invalidArgument else { return .failed("the error is \(error)") }
                return log?.text.isEmpty == false ? .passed : .failed("there is no log")
            }
            return .failed("it was loaded")
        },
        KernelCheck("an arena can be made", minimumKernel: "6.9") {
            // BPF_MAP_TYPE_ARENA with BPF_F_MMAPABLE; entries are pages.
            _ = try BPFSystemCall.createMap(
                MapCreation(kind: 33, keySize: 0, valueSize: 0, maxEntries: 4, flags: 1 << 10, name: "skep_check"))
            return .passed
        },
    ]

    /// `r0 = value; exit`, for a socket filter.
    private static func returning(_ value: UInt8) -> [UInt8] {
        [0xb7, 0, 0, 0, value, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]
    }
}
