// SPDX-License-Identifier: Apache-2.0

// What `import BPF` gives an application beside the library's own types: specs, types, bytes and errors.
@_exported public import BPFObject
@_exported public import BTF
@_exported public import Bytes
@_exported public import Diagnostics

// Of the system calls' module only what options and results are made of.
@_exported public import struct Linux.KernelVersion
@_exported public import enum Linux.NetworkNamespace
@_exported public import struct Linux.LinkInformation
@_exported public import struct Linux.LinkKind
