package dev.proteus.scratch;
import dev.proteus.tensor.*;
import dev.proteus.type.*;
final class Smoke {
  public static void main(String[] a) {
    Tensor x = Tensor.of(1, 2, 3);
    System.out.println(x.add(1));
    Tensor p = Tensor.of(1.0, 2.0, 3.0).requiresGrad_(true);
    System.out.println(p.mul(p));
    Tensor l = p.mul(p).add(p).sumTo(Shape.SCALAR);
    System.out.println(l);
    l.backward();
    System.out.println(p.grad());
    Tensor base = p.mul(2);
    base.narrow(0,1,1).mul_(10);
    System.out.println(base);
    p.clearGrad();
    base.sumTo(Shape.SCALAR).backward();
    System.out.println(p.grad());
    System.out.println(Tensor.zeros(30,50,7));
  }
}
