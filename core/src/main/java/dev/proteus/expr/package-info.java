/// Scalar expressions: what a pointwise operator computes for one element. Layer 2.
///
/// An expression is data: its derivative is symbolic, its composition is fusion, its printing is
/// code generation. Depends on `type` and `error`. Start reading at [Expr], then [Fn]; [Evaluate]
/// says what they mean.
@NullMarked
package dev.proteus.expr;

import org.jspecify.annotations.NullMarked;
