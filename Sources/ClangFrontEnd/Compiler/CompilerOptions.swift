// SPDX-License-Identifier: Apache-2.0

/// How to compile a C source for BPF.
public struct CompilerOptions: Sendable, Hashable {
    /// Folders for `#include`, searched after the source's own and before ours.
    public var includeFolders: [String]
    /// Macros to define, as `NAME` or `NAME=VALUE`.
    public var definitions: [String]
    /// Further arguments for clang, last on its command line.
    public var extraArguments: [String]
    /// The instruction set version, `v1` to `v4`; kernels since 4.14 know `v2`.
    public var cpu: String
    /// The machine whose registers the source may name, as in `__TARGET_ARCH_x86`.
    public var architecture: String
    /// Whether clang colours its messages.
    public var isColored: Bool
    /// After this many seconds clang is ended.
    public var timeLimit: Int
    /// The C library's headers, for what ours lack; searched last.
    public var systemFolders: [String]

    /// Makes options: for this machine, instruction set `v2`, coloured when the standard error is a terminal and
    /// `NO_COLOR` is not set.
    public init(
        includeFolders: [String] = [], definitions: [String] = [], extraArguments: [String] = [], cpu: String = "v2",
        architecture: String? = nil, isColored: Bool? = nil, timeLimit: Int = 60, systemFolders: [String]? = nil
    ) {
        self.includeFolders = includeFolders
        self.definitions = definitions
        self.extraArguments = extraArguments
        self.cpu = cpu
        self.architecture = architecture ?? Self.architecture(ofMachine: System.machine)
        self.isColored = isColored ?? (System.standardErrorIsTerminal && System.environment("NO_COLOR") == nil)
        self.timeLimit = timeLimit
        self.systemFolders = systemFolders ?? ["/usr/include/\(System.machine)-linux-gnu", "/usr/include"]
    }

    /// The name that BPF sources give a machine (`uname -m`), such as `x86` for `x86_64`.
    public static func architecture(ofMachine machine: String) -> String {
        switch machine {
        case "x86_64", "i686", "i386": "x86"
        case "aarch64", "arm64": "arm64"
        case "riscv64": "riscv"
        case "s390x": "s390"
        case "ppc64le", "ppc64": "powerpc"
        case "loongarch64": "loongarch"
        case let name where name.hasPrefix("arm"): "arm"
        case let name where name.hasPrefix("mips"): "mips"
        default: machine
        }
    }
}
