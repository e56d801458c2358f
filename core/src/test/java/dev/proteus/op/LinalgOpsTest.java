package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products of vectors and matrices.
class LinalgOpsTest {
  private static Tensor sized(String sizes) {
    long[] all =
        sizes.isEmpty()
            ? new long[0]
            : List.of(sizes.split(" ")).stream().mapToLong(Long::parseLong).toArray();
    return Expect.count(all).remainder(7).sub(3);
  }

  private static Tensor einsum(String equation, Tensor... operands) {
    return LinalgOps.einsum(equation, List.of(operands));
  }

  @ParameterizedTest
  @CsvSource({
    "5 2 3, 3 4, 5 2 4",
    "3, 5 3 4, 5 4",
    "5 2 3, 3, 5 2",
    "2 1 2 3, 5 3 4, 2 5 2 4",
    "2 3, 3, 2",
    "3, 3 2, 2",
    "3, 3, ''",
    "2 0, 0 3, 2 3",
    "0 2 3, 3 4, 0 2 4",
    "2 3, 5 3 4, 5 2 4",
    "1 1, 1 1, 1 1",
  })
  @DisplayName("MM-1: matmul's rules for vectors, matrices and batches")
  void matmul(String a, String b, String result) {
    Tensor left = sized(a);
    Tensor right = sized(b);
    Tensor product = left.matmul(right);
    assertEquals(sized(result).shape(), product.shape());
    Tensor rows = left.rank() == 1 ? left.unsqueeze(0) : left;
    Tensor columns = right.rank() == 1 ? right.unsqueeze(1) : right;
    Tensor naive = rows.unsqueeze(-1).mul(columns.unsqueeze(-3)).sum(-2);
    Expect.same(naive.reshape(product.shape()), product);
  }

  @Test
  @DisplayName("MM-1, DT-8: matmul's errors name both operands")
  void matmulErrors() {
    Tensor x = Tensor.zeros(2, 3);
    Expect.error(ShapeException.class, () -> x.matmul(x), "matmul", "[2, 3]", "inner sizes differ");
    Expect.error(ShapeException.class, () -> x.matmul(Tensor.scalar(1)), "matmul", "mul");
    Expect.error(ShapeException.class, () -> x.matmul(Tensor.zeros(2)), "matmul", "[2, 3]");
    Tensor y = x.t().to(DType.FLOAT64);
    Expect.error(DTypeException.class, () -> x.matmul(y), "matmul", "float32", "float64");
    Tensor truth = Tensor.of(true, false);
    Expect.error(DTypeException.class, () -> truth.dot(truth), "matmul", "bool");
  }

  @Test
  @DisplayName("MM-2: mm, bmm, mv, dot and outer are strict about ranks")
  void strictProducts() {
    Tensor x = Expect.count(2, 2);
    Expect.values(x.mm(x), 2, 3, 6, 11);
    Expect.shape(Expect.count(4, 2, 3).bmm(Expect.count(4, 3, 5)), 4, 2, 5);
    Expect.values(x.mv(Tensor.of(1L, 2L)), 2, 8);
    Expect.values(Tensor.of(1L, 2L).dot(Tensor.of(3L, 4L)), 11);
    Expect.values(Tensor.of(1L, 2L).outer(Tensor.of(3L, 4L, 5L)), 3, 4, 5, 6, 8, 10);
    Expect.values(x.inner(x), 1, 3, 3, 13);
    Expect.values(x.inner(Tensor.of(2L).squeeze()), 0, 2, 4, 6);
    Expect.values(x.vecdot(x, -1), 1, 13);
    Tensor vector = Tensor.of(1L, 2L);
    Expect.error(ShapeException.class, () -> x.mm(vector), "mm", "2 and 2 axes");
    Expect.error(ShapeException.class, () -> x.bmm(x), "bmm", "3 and 3 axes");
    Expect.error(
        ShapeException.class,
        () -> Expect.count(1, 2, 2).bmm(Expect.count(2, 2, 2)),
        "bmm",
        "as many");
    Expect.error(ShapeException.class, () -> vector.mv(x), "mv", "2 and 1 axes");
    Expect.error(ShapeException.class, () -> x.dot(x), "dot", "1 and 1 axes");
    Expect.error(ShapeException.class, () -> x.outer(x), "outer", "1 and 1 axes");
    Expect.error(ShapeException.class, () -> x.inner(Expect.count(2, 1)), "inner", "[2, 1]");
  }

  @Test
  @DisplayName("MM-2: addmm broadcasts the bias, and does not read it with beta 0")
  void addmm() {
    Tensor a = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
    Expect.values(Tensor.of(1.0, 10).addmm(a, a), 8, 20, 16, 32);
    Expect.values(Tensor.of(1.0, 10).addmm(a, a, 2, 0.5), 5.5, 25, 9.5, 31);
    Expect.values(Tensor.scalar(Double.NaN).addmm(a, a, 0, 1), 7, 10, 15, 22);
    Expect.values(Tensor.of(1.0, 1).addmv(a, Tensor.of(1.0, 1), 1, 2), 7, 15);
    Expect.values(a.addr(Tensor.of(1.0, 2), Tensor.of(3.0, 4), 1, 1), 4, 6, 9, 12);
    Tensor stack = a.expand(3, 2, 2);
    Expect.same(stack.bmm(stack).add(a), a.baddbmm(stack, stack, 1, 1));
    Tensor whole = Expect.count(2, 2);
    Expect.values(whole.addmm(whole, whole, 1, 2), 4, 7, 14, 25);
    Expect.error(DTypeException.class, () -> whole.addmm(whole, whole, 1, 0.5), "addmm", "0.5");
    Expect.error(ShapeException.class, () -> Tensor.of(1.0, 2, 3).addmm(a, a), "expand", "[3]");
  }

  @Test
  void tensordot() {
    Tensor a = Expect.count(2, 3, 4);
    Tensor b = Expect.count(4, 3, 5);
    Tensor wanted = einsum("ijk,kjl->il", a, b);
    Expect.same(wanted, a.tensordot(b, new int[] {1, 2}, new int[] {1, 0}));
    Expect.same(a.matmul(Expect.count(4, 2)), a.tensordot(Expect.count(4, 2), 1));
    Expect.shape(a.tensordot(b, 0), 2, 3, 4, 4, 3, 5);
    Expect.values(Expect.count(3).tensordot(Tensor.of(2L), 1), 6);
    Expect.error(
        ShapeException.class, () -> a.tensordot(b, 2), "tensordot", "size 4", "and 3 before");
  }

  @Test
  void kronAndCross() {
    Tensor a = Expect.count(2, 2);
    Expect.values(a.kron(Tensor.of(1L, 10L)), 0, 0, 1, 10, 2, 20, 3, 30);
    Expect.shape(a.kron(Expect.count(3, 1, 2)), 3, 2, 4);
    Tensor x = Tensor.of(1.0, 0, 0);
    Expect.values(x.cross(Tensor.of(0.0, 1, 0), 0), 0, 0, 1);
    Expect.values(Tensor.of(1L, 2, 3).cross(Tensor.of(4L, 5, 6), -1), -3, 6, -3);
    Expect.error(ShapeException.class, () -> a.cross(a, 0), "cross", "[2, 2]");
  }

  @Test
  void diagonals() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.trace(), 4);
    assertEquals(DType.INT64, x.to(DType.INT32).trace().dtype());
    Expect.values(Tensor.of(1L, 2L).diag(0), 1, 0, 0, 2);
    Expect.values(Tensor.of(1L, 2L).diag(-1), 0, 0, 0, 1, 0, 0, 0, 2, 0);
    Expect.values(x.diag(1), 1, 5);
    Expect.shape(Expect.count(4, 2).diagEmbed(1), 4, 3, 3);
    Expect.error(ShapeException.class, () -> Tensor.scalar(1).diag(0), "diag", "one axis or two");
    Expect.error(ShapeException.class, () -> Expect.count(2).trace(), "trace", "[2]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ij,jk->ik; 2 3; 3 4; 2 4",
        "ij,jk; 2 3; 3 4; 2 4",
        "bij,bjk->bik; 5 2 3; 5 3 4; 5 2 4",
        "...ij,...jk->...ik; 5 1 2 3; 6 3 4; 5 6 2 4",
        "...ij,jk; 5 2 3; 3 4; 5 2 4",
        "i,j->ji; 2; 3; 3 2",
        "ij,ij->; 2 3; 2 3; ''",
        "ij,kj->ki; 2 3; 4 3; 4 2",
        "ab,cd->; 2 3; 4 5; ''",
        "iij,j->i; 3 3 2; 2; 3",
        "iii,i; 3 3 3; 3; ''",
        "ij,j->ij; 2 3; 3; 2 3",
        "ij,ij->ij; 2 1; 2 3; 2 3",
        "ij,jk->ik; 2 1; 3 4; 2 4",
        "...,...; 2 3; 3; 2 3",
        "b...a,a->...b; 2 5 6 3; 3; 5 6 2",
        "aB,Ba->aB; 2 3; 3 2; 2 3",
        "ij , jk -> i k; 2 0; 0 4; 2 4",
      })
  void einsumOfTwo(String equation, String a, String b, String result) {
    Tensor left = sized(a);
    Tensor right = sized(b.equals("''") ? "" : b);
    Tensor got = einsum(equation, left, right);
    assertEquals(sized(result.equals("''") ? "" : result).shape(), got.shape());
    Expect.same(NaiveEinsum.of(equation, left, right), got);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ii->; 3 3",
        "ii; 3 3",
        "ii->i; 3 3",
        "ba; 2 3",
        "i...->...; 2 3 4",
        "ijk->kj; 2 3 4",
        "abba->ab; 2 3 3 2"
      })
  void einsumOfOne(String equation, String a) {
    Tensor x = sized(a);
    Expect.same(NaiveEinsum.of(equation, x), einsum(equation, x));
  }

  @Test
  void einsumOfThree() {
    Tensor a = sized("2 3");
    Tensor b = sized("3 4");
    Tensor c = sized("2 4 5");
    for (String equation :
        List.of("ij,jk,ikl->l", "ij,jk,ikl->ilj", "ij,jk,ikl", "aj,jk,ikl->al")) {
      Expect.same(NaiveEinsum.of(equation, a, b, c), einsum(equation, a, b, c));
    }
  }

  @Test
  void einsumErrors() {
    Tensor x = sized("2 3");
    Class<ShapeException> kind = ShapeException.class;
    Expect.error(kind, () -> einsum("ij,jk->ik", x), "einsum", "2 operands, 1");
    Expect.error(kind, () -> einsum("ijk->i", x), "einsum", "'ijk'", "[2, 3]");
    Expect.error(kind, () -> einsum("ij->k", x), "einsum", "'k'", "no operand");
    Expect.error(kind, () -> einsum("ij->ii", x), "einsum", "'i' twice");
    Expect.error(kind, () -> einsum("ij,ij->", x, x.t()), "einsum", "'i'", "size 3");
    Expect.error(kind, () -> einsum("ii", x), "einsum", "'i'");
    Expect.error(kind, () -> einsum("i-j", x), "einsum", "'-'");
    Expect.error(kind, () -> einsum("...i...", x), "einsum", "'.'");
    Expect.error(
        DTypeException.class, () -> einsum("ij,ij->", x, x.to(DType.FLOAT32)), "einsum", "DT-8");
    Expect.error(TensorIndexException.class, () -> x.vecdot(x, 2), "vecdot", "axis 2");
  }

  @Test
  void gradients() {
    double[] a = {1, -2, 3, 0.5, 2, 1};
    double[] b = {0.3, 1, -1, 2, 0.5, 4};
    new GradientCheck(
            x -> {
              Tensor product = x.get(0).matmul(x.get(1));
              Tensor traced = einsum("ij,jk,ki->", x.get(0), x.get(1), product);
              return x.get(0)
                  .kron(product)
                  .mul(traced)
                  .add(product.diagonal().diagEmbed(1).sum())
                  .add(x.get(0).select(0, 0).outer(x.get(1).select(1, 0)).trace())
                  .add(x.get(0).select(1, 0).matmul(product).sum());
            })
        .with(a, 2, 3)
        .with(b, 3, 2)
        .check();
  }

  @Test
  void gradientsOfBatches() {
    double[] a = {1, -2, 3, 0.5, 2, 1, 4, 2};
    double[] b = {0.3, 1, -1, 2};
    new GradientCheck(x ->
        x.get(0)
            .matmul(x.get(1))
            .add(einsum("bij,bkj->bik", x.get(0), x.get(0)))
            .add(x.get(1).matmul(x.get(0))))
        .with(a, 2, 2, 2)
        .with(b, 2, 2)
        .check();
  }
}
