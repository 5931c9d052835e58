// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Settings of every Swift target of our own: no warnings, explicit public imports, checked lifetimes.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies, swiftSettings: settings
    )
}

// The edges below are the architecture: Tests/ArchitectureTests compares every file's imports with them.
let package = Package(
    name: "skep",
    products: [
        .library(name: "BPF", targets: ["BPF"]),
        .executable(name: "skep", targets: ["skep"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .target(name: "CLinux"),
        library("Bytes"),
        library("Diagnostics"),
        library("Linux", ["CLinux", "Bytes", "Diagnostics"]),
        library("ELF", ["Bytes", "Diagnostics"]),
        library("BTF", ["Bytes", "Diagnostics"]),
        library("DWARF", ["Bytes", "Diagnostics", "ELF"]),
        library("BPFInstruction", ["Bytes", "Diagnostics"]),
        library("Symbols", ["Bytes", "Diagnostics", "Linux", "ELF", "DWARF"]),
        library("BPFObject", ["Bytes", "Diagnostics", "ELF", "BTF", "DWARF", "BPFInstruction"]),
        library("Schema", ["Bytes", "Diagnostics", "BTF"]),
        library("BPF", ["Bytes", "Diagnostics", "Linux", "ELF", "BTF", "BPFInstruction", "BPFObject"]),
        library("ClangFrontEnd", ["Bytes", "Diagnostics", "Linux", "BTF", "BPFObject"]),
        library("Presentation", ["Bytes", "Diagnostics", "BTF", "Schema"]),
        library(
            "ServiceRuntime",
            [
                "Bytes", "Diagnostics", "Linux", "ELF", "BTF", "DWARF", "BPFInstruction", "Symbols", "BPFObject",
                "Schema", "BPF", "ClangFrontEnd", "Presentation",
            ]),
        library(
            "SkepCommands",
            [
                "Bytes", "Diagnostics", "Linux", "ELF", "BTF", "BPFInstruction", "Symbols", "BPFObject", "Schema",
                "BPF",
                "ClangFrontEnd", "Presentation", "ServiceRuntime", "Guest",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "skep", dependencies: ["SkepCommands"], swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["Bytes", "Linux"], path: "Tests/TestSupport", swiftSettings: settings),
        .target(name: "CheckWorkload"),
        library(
            "KernelChecks",
            [
                "CLinux", "CheckWorkload", "Bytes", "Diagnostics", "Linux", "BTF", "BPFInstruction", "BPFObject", "BPF",
                "ClangFrontEnd", "Presentation", "ServiceRuntime", "Guest",
            ]),
        library("Guest", ["CLinux", "Diagnostics", "Linux"]),
        .executableTarget(name: "kernel-checks", dependencies: ["KernelChecks"], swiftSettings: settings),
        .testTarget(name: "ArchitectureTests", swiftSettings: settings),
        tests("KernelChecks", ["BPFObject", "Linux", "Guest"]),
        tests("Guest", ["Diagnostics", "Linux", "KernelChecks", "ServiceRuntime"]),
        tests("Bytes"),
        tests("Diagnostics"),
        tests("Linux", ["CLinux", "Bytes", "Diagnostics"]),
        tests("ELF", ["Bytes", "Diagnostics", "Linux"]),
        tests("BTF", ["Bytes", "Diagnostics", "Linux"]),
        tests("DWARF", ["Bytes", "Diagnostics", "ELF"]),
        tests("BPFInstruction", ["Bytes", "Diagnostics", "Linux"]),
        tests("Symbols", ["Bytes", "Diagnostics", "Linux", "ELF", "DWARF"]),
        tests("BPFObject", ["Bytes", "Diagnostics", "Linux", "ELF", "BTF", "DWARF", "BPFInstruction"]),
        tests("Schema", ["Bytes", "Diagnostics", "BTF"]),
        tests("BPF", ["Bytes", "Diagnostics", "Linux", "BTF", "BPFInstruction", "BPFObject"]),
        tests("ClangFrontEnd", ["Bytes", "Diagnostics", "Linux", "BTF", "BPFObject"]),
        tests("Presentation", ["Bytes", "Diagnostics", "BTF", "Schema"]),
        tests("ServiceRuntime", ["Diagnostics", "Presentation", "Schema", "BPF", "BPFObject"]),
        tests("SkepCommands"),
        // These run the built program, which `swift test` builds with everything else.
        .testTarget(name: "CommandTests", dependencies: ["Bytes", "Linux", "TestSupport"], swiftSettings: settings),
    ]
)
