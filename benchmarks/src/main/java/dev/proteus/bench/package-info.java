/// Benchmarks: one list of works, done by Proteus and by what a user might pick instead.
///
/// Start reading at [Works], then [ProteusEngine].
@NullMarked
package dev.proteus.bench;

import org.jspecify.annotations.NullMarked;
