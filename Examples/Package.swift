// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// A program that sees nothing but the library product; its kernel side lies next to it.
func example(_ name: String, exclude: [String]) -> Target {
    .executableTarget(
        name: name, dependencies: [.product(name: "BPF", package: "skep")], exclude: exclude + ["README.md"],
        swiftSettings: [
            .swiftLanguageMode(.v6), .enableUpcomingFeature("MemberImportVisibility"), .treatAllWarnings(as: .error),
        ])
}

let package = Package(
    name: "skep-examples",
    dependencies: [.package(name: "skep", path: "..")],
    targets: [
        example("echo", exclude: ["echo.bpf.c"]),
        example("loops", exclude: ["loops.bpf.c"]),
        example("metadata", exclude: ["metadata.bpf.c"]),
        example("opens", exclude: ["opens.bpf.c"]),
        example("packets", exclude: ["packets.bpf.c"]),
        example("probes", exclude: []),
        example("shared", exclude: ["shared.bpf.c"]),
    ]
)
