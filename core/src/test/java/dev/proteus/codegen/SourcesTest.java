package dev.proteus.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Integers;
import dev.proteus.expr.Listing;
import dev.proteus.expr.Reals;
import dev.proteus.op.Reduce;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kernels as text. Whether the text is right is seen where a driver compiles it.
class SourcesTest {
  private static final Expr X = new Expr.Input(0, DType.BFLOAT16);
  private static final Expr B = new Expr.Input(1, DType.FLOAT32);

  private static Expr call(Fn fn, DType dtype, Expr... args) {
    return new Expr.Call(fn, dtype, List.of(args));
  }

  private static Listing twiceAndMore() {
    Expr wide = new Expr.Cast(DType.FLOAT32, X);
    Expr twice = call(Fn.MUL, DType.FLOAT32, wide, new Expr.Const(DType.FLOAT32, Scalar.of(2.0)));
    return Listing.of(call(Fn.ADD, DType.FLOAT32, twice, B));
  }

  @Test
  void aMapOfRows() {
    MapSource source =
        new MapSource(
            twiceAndMore().key(), 2, List.of(Pace.STEPS, Pace.STAYS, Pace.LEAPS), IndexType.INT32);
    assertEquals(
        """
        #define idx i32
        typedef struct { i64 v[12]; } twice_words;
        KERNEL twice(GLOBAL const u16* RESTRICT x0, GLOBAL const f32* RESTRICT x1, GLOBAL f32* RESTRICT y, GLOBAL i32* errors, twice_words a) {
          FOR_ROWS(r, (idx) a.v[0], (idx) a.v[1])
            idx o0 = (idx) a.v[2];
            idx o1 = (idx) a.v[5];
            idx o2 = (idx) a.v[8];
            {
              idx rest = r;
              const idx c0 = rest;
              o0 += c0 * (idx) a.v[3];
              o1 += c0 * (idx) a.v[6];
              o2 += c0 * (idx) a.v[9];
            }
            FOR_COLUMNS(j, r, (idx) a.v[1])
              const f32 t0 = bf16_to_f32(x0[o0 + j]);
              const f32 t1 = (f32) t0;
              const f32 t2 = BITS_F32((u32) a.v[11]);
              const f32 t3 = (t1 * t2);
              const f32 t4 = x1[o1];
              const f32 t5 = (t3 + t4);
              y[o2 + j * (idx) a.v[10]] = t5;
            END
          END
        }
        #undef idx
        """,
        source.named("twice").text());
  }

  @Test
  void kernelsThatDifferInConstantsAreOne() {
    Expr other = call(Fn.MUL, DType.FLOAT32, B, new Expr.Const(DType.FLOAT32, Scalar.of(3.0)));
    Expr one = call(Fn.MUL, DType.FLOAT32, B, new Expr.Const(DType.FLOAT32, Scalar.of(7.0)));
    assertEquals(map(one), map(other));
  }

  private static MapSource map(Expr expr) {
    Listing listing = Listing.of(expr);
    int movers = Reading.of(listing.key()).movers() + 1;
    return new MapSource(
        listing.key(), 1, Collections.nCopies(movers, Pace.STEPS), IndexType.INT64);
  }

  /// The C spelling has exactly the functions that the meaning has.
  @ParameterizedTest
  @EnumSource(Fn.class)
  void functionsAreSpelledForTheTypesThatTheyHave(Fn fn) {
    List<String> args = Collections.nCopies(fn.arity(), "x");
    for (DType dtype : DType.values()) {
      boolean hasMeaning = hasMeaning(fn, dtype);
      if (hasMeaning) {
        assertTrue(Spelling.of(fn, dtype, args).contains("x"), fn + " of " + dtype);
      } else {
        assertThrows(DTypeException.class, () -> Spelling.of(fn, dtype, args));
      }
    }
  }

  private static boolean hasMeaning(Fn fn, DType dtype) {
    try {
      if (dtype.isFloating()) {
        Reals.apply(fn, 0.5, 0.5, 0.5);
      } else {
        Integers.apply(fn, dtype, 1, 1, 1);
      }
      return true;
    } catch (DTypeException refused) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(Reduce.Kind.class)
  void foldsStartFromWhatChangesNothing(Reduce.Kind kind) {
    ReduceSource source =
        new ReduceSource(
            kind,
            Listing.of(B).key(),
            DType.FLOAT32,
            DType.BFLOAT16,
            1,
            2,
            List.of(Pace.STEPS),
            List.of(),
            ReduceSource.Result.WHOLE,
            IndexType.INT64);
    String text = source.named("fold").text();
    String start =
        switch (kind) {
          case SUM -> "0";
          case PROD -> "1";
          case MAX -> "-INFINITY";
          case MIN -> "INFINITY";
        };
    assertTrue(text.contains("acc[u] = " + start + ";"), text);
    assertTrue(text.contains("y[o1] = f32_to_bf16(acc[0]);"), text);
    assertTrue(text.contains("for (idx f = from; f < to; f++)"), text);
  }

  /// Results beside each other are folded together, in the order of what leaps.
  @Test
  void foldsOverColumnsGoDownWithNeighbours() {
    ReduceSource source =
        new ReduceSource(
            Reduce.Kind.SUM,
            Listing.of(B).key(),
            DType.FLOAT32,
            DType.FLOAT32,
            1,
            1,
            List.of(Pace.LEAPS),
            List.of(Pace.STEPS, Pace.STEPS),
            ReduceSource.Result.PARTS,
            IndexType.INT32);
    String text = source.named("fold").text();
    assertTrue(text.startsWith("#define idx i32\n"), text);
    assertTrue(text.contains("const f32 t0 = x1[d0 + j];"), text);
    assertTrue(text.contains("acc[j] = acc[j] + (f32) t0;"), text);
    assertTrue(text.contains("y[(r * length + first + j) * (idx) a.v[8] + part] = acc[j];"), text);
  }

  /// One kernel follows the steps of any expression that fits.
  @Test
  void stepsAreWordsInTheirOrder() {
    Listing listing = twiceAndMore();
    Reading reading = Reading.of(listing.key());
    assertTrue(StepsSource.fits(listing.key(), reading, StepsSource.AXES));
    assertFalse(StepsSource.fits(listing.key(), reading, StepsSource.AXES + 1));
    long[] program = StepsSource.program(listing.key(), reading);
    assertEquals(listing.steps().size(), program.length);
    String kernel = StepsSource.named("steps").text();
    for (long word : program) {
      String code = "case " + (word & 0xffff) + ":";
      assertTrue(kernel.contains(code), code);
    }
    long last = program[program.length - 1];
    assertEquals(3, last >> 24 & 0xff, "the product");
    assertEquals(4, last >> 32 & 0xff, "the second operand");
  }

  @Test
  void whatIsTooLongForStepsIsRefused() {
    Expr sum = B;
    for (int i = 0; i < StepsSource.STEPS; i++) {
      sum = call(i % 2 == 0 ? Fn.EXP : Fn.LOG, DType.FLOAT32, sum);
    }
    Listing listing = Listing.of(sum);
    assertFalse(StepsSource.fits(listing.key(), Reading.of(listing.key()), 1));
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void aTargetWithoutDoublesHasNone(Dialect dialect) {
    Target with = new Target(dialect, Target.Loops.STRIPES, Target.Doubles.PRESENT);
    Target without = new Target(dialect, Target.Loops.CHUNKS, Target.Doubles.ABSENT);
    assertTrue(with.prelude().contains("#define T f64"));
    assertTrue(without.prelude().startsWith("#define CHUNKS 1\n#define DOUBLES 0\n"));
    assertTrue(!without.prelude().contains("#define T f64"));
  }
}
