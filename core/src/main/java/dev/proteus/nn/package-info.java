/// Modules: named trees of parameters and buffers, the layers they are built of, initial values,
/// losses. Layer 8.
///
/// Depends on `state` and `tensor`. Start reading at `Module`, then `Linear`.
///
/// Some layers have the name of their operator in `dev.proteus.op`. Beside `import module
/// dev.proteus.core`, an `import dev.proteus.nn.*` prefers the layers; `Module` itself, of which
/// `java.lang` has another, is imported by name.
@NullMarked
package dev.proteus.nn;

import org.jspecify.annotations.NullMarked;
