/// Loops over blocks of heap memory: with the Vector API, and their complete twin in plain Java;
/// and which of them this JVM runs. The only package that names `jdk.incubator.vector`. Depends on
/// the core alone.
///
/// Start reading at [dev.proteus.backend.cpu.vector.Loops].
@NullMarked
package dev.proteus.backend.cpu.vector;

import org.jspecify.annotations.NullMarked;
