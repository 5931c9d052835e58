// SPDX-License-Identifier: Apache-2.0

import Linux

/// Takes the kernel, its configuration and the modules that eBPF has to do with out of a distribution's packages.
struct KernelUnpacker {
    /// The modules that come along to a guest, with those that they need: network interfaces and traffic control,
    /// connection tracking, input devices, and the kernel's own test module where a kernel has it.
    private static let wantedModules = [
        // Others want it without saying so.
        "crc32c_generic",
        "veth", "dummy", "tun", "ifb", "bridge", "vrf", "ipip", "vxlan", "netkit", "sch_ingress", "cls_bpf", "act_bpf",
        "sch_fq", "tcp_bbr", "tls", "nf_conntrack", "nf_tables", "nf_flow_table", "vsock", "vsock_loopback", "hid",
        "hid_generic", "uhid", "9pnet_virtio", "9p", "bpf_testmod",
    ]

    /// Changes when a kernel's folder would hold something else than before, so that older ones are fetched anew.
    static let format = "3"

    /// Where the packages were unpacked.
    private let tree: String
    private let files: [String]
    /// The paths of modules below the tree by their names, in which `-` and `_` are the same.
    private let modulePaths: [String: String]

    init(packages: [String], folder: String) throws(GuestError) {
        tree = folder
        for package in packages {
            let output = try Programs.run("dpkg-deb", ["-x", package, folder], timeLimit: 300_000)
            guard output.isSuccess else {
                throw GuestError(
                    .system, "the package \(package) cannot be unpacked",
                    detail: String(decoding: output.errors, as: UTF8.self))
            }
        }
        do throws(LinuxError) {
            files = try Directory.files(below: folder)
        } catch {
            throw GuestError(.system, "the unpacked packages cannot be listed", cause: error)
        }
        var paths: [String: String] = [:]
        for file in files where file.hasSuffix(".ko") || file.hasSuffix(".ko.xz") || file.hasSuffix(".ko.zst") {
            guard let name = file.split(separator: "/").last?.split(separator: ".").first else { continue }
            paths[Self.moduleName(name)] = file
        }
        modulePaths = paths
    }

    /// Writes `vmlinuz`, `config` and `modules/` into a folder.
    func write(to target: String) throws(GuestError) {
        guard let image = files.first(where: { Self.fileName($0).hasPrefix("vmlinuz") }) else {
            throw GuestError(.unavailable, "the packages hold no kernel (vmlinuz)")
        }
        do throws(LinuxError) {
            try Files.rename("\(tree)/\(image)", to: "\(target)/vmlinuz")
            if let file = files.first(where: { Self.isConfiguration($0) }) {
                try Files.rename("\(tree)/\(file)", to: "\(target)/config")
            }
        } catch {
            throw GuestError(.system, "the kernel cannot be put into the cache", cause: error)
        }
        guard !modulePaths.isEmpty else { return }
        var order: [String] = []
        do throws(LinuxError) {
            try Files.makeFolders(target + "/modules")
        } catch {
            throw GuestError(.system, "the modules cannot be put into the cache", cause: error)
        }
        for name in Self.wantedModules { try add(name, to: target + "/modules", order: &order, depth: 0) }
        do throws(LinuxError) {
            try Files.write(Array(order.map { $0 + "\n" }.joined().utf8), to: target + "/modules/order")
        } catch {
            throw GuestError(.system, "the modules cannot be put into the cache", cause: error)
        }
    }

    /// Adds a module after those it needs; one that is built in or absent is left out.
    private func add(_ name: String, to folder: String, order: inout [String], depth: Int) throws(GuestError) {
        let file = Self.moduleName(name) + ".ko"
        guard depth < 16, !order.contains(file), let path = modulePaths[Self.moduleName(name)] else { return }
        let contents = try read("\(tree)/\(path)")
        for dependency in Self.dependencies(contents) {
            try add(dependency, to: folder, order: &order, depth: depth + 1)
        }
        do throws(LinuxError) {
            try Files.write(contents, to: "\(folder)/\(file)")
        } catch {
            throw GuestError(.system, "the module \(name) cannot be put into the cache", cause: error)
        }
        order.append(file)
    }

    private func read(_ path: String) throws(GuestError) -> [UInt8] {
        if path.hasSuffix(".xz") || path.hasSuffix(".zst") {
            let program = path.hasSuffix(".xz") ? "xz" : "zstd"
            let output = try Programs.run(program, ["-q", "-d", "-c", path], timeLimit: 60_000)
            guard output.isSuccess else { throw GuestError(.system, "\(program) cannot unpack \(path)") }
            return output.output
        }
        do throws(LinuxError) {
            return try Files.read(path, limit: 64 << 20)
        } catch {
            throw GuestError(.system, "cannot read \(path)", cause: error)
        }
    }

    /// The modules that a module needs, from the text that the kernel's build stores in its section .modinfo.
    static func dependencies(_ module: [UInt8]) -> [String] {
        let marker = Array("\0depends=".utf8)
        guard let start = module.firstRange(of: marker)?.upperBound else { return [] }
        let text = module[start...].prefix(4096).prefix { $0 != 0 }
        return String(decoding: text, as: UTF8.self).split(separator: ",").map(String.init)
    }

    private static func moduleName(_ name: some StringProtocol) -> String {
        String(name.map { $0 == "-" ? "_" : $0 })
    }

    private static func fileName(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

    private static func isConfiguration(_ path: String) -> Bool {
        path.hasPrefix("boot/config-") || path.contains("lib/modules/") && fileName(path) == "config"
    }
}
