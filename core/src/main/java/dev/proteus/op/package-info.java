/// Operators as values, and the vocabulary that applies them to anything tensor-like. Layer 3.
///
/// An operator is a record of its attributes. Views change metadata, the four primitives need
/// kernels, composites are defined by other operators, hosted ones by a library. Depends on `expr`
/// and `type`. Start reading at [Op], then `Softmax`.
@NullMarked
package dev.proteus.op;

import org.jspecify.annotations.NullMarked;
