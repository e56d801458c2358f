/// Scalar expressions: what a pointwise operator computes for one element. Layer 2.
///
/// An expression is data: its derivative is symbolic, its composition is fusion, its printing is
/// code generation. Depends on `type`. Start reading at [Expr], then [Fn].
@NullMarked
package dev.proteus.expr;

import org.jspecify.annotations.NullMarked;
