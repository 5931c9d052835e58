// SPDX-License-Identifier: Apache-2.0

import ELF
import Guest
import Linux
import ServiceRuntime

/// Makes what is in a guest of `skep test`: skep itself, the service, and a shell where one is wanted.
struct TestImage {
    /// The image for a plan.
    ///
    /// - Parameters:
    ///   - object: the service's object.
    ///   - newer: its object with newer instructions, for kernels that reject the first.
    ///   - script: what a shell runs in the guest.
    static func make(
        _ plan: TestPlan, object: [UInt8], newer: [UInt8]?, script: [UInt8]?
    ) throws(ServiceError) -> GuestImage {
        var image = GuestImage(program: try staticProgram())
        image.files["skep/plan"] = Array(plan.text.utf8)
        image.files["skep/objects/\(plan.service).o"] = object
        if let newer { image.files["skep/newer/\(plan.service).o"] = newer }
        if let script { image.files["skep/script"] = script }
        image.files["etc/passwd"] = Array("root:x:0:0:root:/tmp:/bin/sh\n".utf8)
        image.files["etc/hostname"] = Array("guest\n".utf8)
        image.links["bin/skep"] = "/init"
        if script != nil || plan.isInteractive { try addShell(to: &image) }
        return image
    }

    /// This program when it is static, else the one that `make build` left in bin/.
    private static func staticProgram() throws(ServiceError) -> String {
        let own = (try? Files.linkTarget("/proc/self/exe")) ?? ""
        var candidates = [own]
        var parts = own.split(separator: "/").dropLast()
        while !parts.isEmpty {
            candidates.append("/" + parts.joined(separator: "/") + "/bin/skep")
            parts = parts.dropLast()
        }
        for path in candidates where Files.isRegular(path) && isStatic(path) { return path }
        throw ServiceError(
            .failed, "guests need a skep that is linked statically, and this one is not",
            hint: "`make build` leaves one in bin/")
    }

    private static func isStatic(_ path: String) -> Bool {
        guard let bytes = try? Files.map(path), let file = try? ELFFile(bytes) else { return false }
        return !file.segments.isEmpty && !file.segments.contains { $0.type == 3 }  // PT_INTERP
    }

    private static func addShell(to image: inout GuestImage) throws(ServiceError) {
        let places = ["/bin/busybox", "/usr/bin/busybox", "/usr/lib/busybox/busybox-static"]
        guard let path = places.first(where: { Files.isExecutable($0) && isStatic($0) }) else {
            throw ServiceError(
                .failed, "a script or a shell in a guest needs a static busybox, and this machine has none",
                hint: "apt-get install busybox-static")
        }
        do {
            image.programs["bin/busybox"] = try Files.read(path)
            let list = try ChildProcess.run(path, ["--list"], timeLimit: 10_000)
            for name in String(decoding: list.output, as: UTF8.self).split(separator: "\n") where name != "busybox" {
                image.links["bin/\(name)"] = "/bin/busybox"
            }
        } catch {
            throw ServiceError(.failed, "cannot read \(path)", cause: error)
        }
    }
}
