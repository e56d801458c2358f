package dev.proteus.linalg;

import dev.proteus.op.ArrangeOps;
import dev.proteus.op.TensorOps;
import java.util.List;

/// Complex matrices as two real ones.
record Complex<T extends TensorOps<T>>(T re, T im) {
  Complex<T> adjoint() {
    return new Complex<>(re.mT(), im.mT().neg());
  }

  Complex<T> sub(Complex<T> other) {
    return new Complex<>(re.sub(other.re), im.sub(other.im));
  }

  Complex<T> add(Complex<T> other) {
    return new Complex<>(re.add(other.re), im.add(other.im));
  }

  /// The product of each element with each.
  Complex<T> mul(Complex<T> other) {
    return new Complex<>(
        re.mul(other.re).sub(im.mul(other.im)), re.mul(other.im).add(im.mul(other.re)));
  }

  Complex<T> scale(T real) {
    return new Complex<>(re.mul(real), im.mul(real));
  }

  Complex<T> matmul(Complex<T> other) {
    return new Complex<>(
        re.matmul(other.re).sub(im.matmul(other.im)), re.matmul(other.im).add(im.matmul(other.re)));
  }

  /// The X with `this X = right`, by real equations of twice the size: `[[re, -im], [im, re]]
  /// [X.re; X.im]`.
  Complex<T> solve(Complex<T> right) {
    T upper = ArrangeOps.cat(List.of(re, im.neg()), -1);
    T lower = ArrangeOps.cat(List.of(im, re), -1);
    T both = ArrangeOps.cat(List.of(right.re, right.im), -2);
    List<T> x = Linalg.solve(ArrangeOps.cat(List.of(upper, lower), -2), both).chunk(2, -2);
    return new Complex<>(x.get(0), x.get(1));
  }
}
