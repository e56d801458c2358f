package dev.proteus.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Special functions against values computed to 60 digits and rounded, and at the edges of their
/// domains.
final class SpecialTest {
  private static final double RELATIVE = 2e-15;

  private static void check(DoubleUnaryOperator function, double[][] values) {
    for (double[] pair : values) {
      double actual = function.applyAsDouble(pair[0]);
      double error = Math.abs(actual - pair[1]) / Math.max(Math.abs(pair[1]), Double.MIN_NORMAL);
      assertTrue(
          error <= RELATIVE,
          () -> "f(" + pair[0] + ") = " + actual + ", expected " + pair[1] + ", error " + error);
    }
  }

  @Test
  void erf() {
    check(
        Special::erf,
        new double[][] {
          {1E-300, 1.1283791670955126E-300},
          {1E-10, 1.1283791670955126E-10},
          {0.1, 0.1124629160182849},
          {0.4999999, 0.5204997899347843},
          {0.5, 0.5204998778130465},
          {0.75, 0.7111556336535151},
          {1.0, 0.8427007929497149},
          {1.7, 0.9837904585907745},
          {2.5, 0.999593047982555},
          {3.5, 0.9999992569016276},
          {5.0, 0.9999999999984626},
          {-0.3, -0.3286267594591274},
          {-2.0, -0.9953222650189527}
        });
  }

  @Test
  void erfc() {
    check(
        Special::erfc,
        new double[][] {
          {1E-10, 0.999999999887162},
          {0.3, 0.6713732405408726},
          {0.5, 0.4795001221869535},
          {0.6, 0.3961439091520741},
          {1.0, 0.15729920705028513},
          {1.5, 0.033894853524689274},
          {2.0, 0.004677734981047266},
          {3.0, 2.209049699858544E-05},
          {3.75, 1.1372725656979665E-07},
          {5.0, 1.537459794428035E-12},
          {8.0, 1.1224297172982926E-29},
          {12.5, 6.231942781979911E-70},
          {20.0, 5.395865611607901E-176},
          {26.0, 5.663192408856143E-296},
          {-0.4, 1.4283923550466684},
          {-0.7, 1.6778011938374184},
          {-3.0, 1.9999779095030015}
        });
  }

  @Test
  void erfinv() {
    check(
        Special::erfinv,
        new double[][] {
          {1E-300, 8.86226925452758E-301},
          {1E-08, 8.86226925452758E-09},
          {0.1, 0.08885599049425769},
          {0.4999, 0.4768250236254278},
          {0.5, 0.4769362762044699},
          {0.7, 0.7328690779592167},
          {0.9, 1.1630871536766743},
          {0.99, 1.8213863677184494},
          {0.999999, 3.458910737275499},
          {0.999999999999, 5.042031898572696},
          {-0.25, -0.2253120550121781},
          {-0.95, -1.3859038243496777}
        });
  }

  @Test
  void lgamma() {
    check(
        Special::lgamma,
        new double[][] {
          {1E-300, 690.7755278982137},
          {1E-05, 11.512919692895826},
          {0.1, 2.252712651734206},
          {0.4999, 0.5725613186041184},
          {0.5, 0.5723649429247001},
          {0.9, 0.06637623973474295},
          {0.999999, 5.772164873855652E-07},
          {1.000001, -5.772148423874147E-07},
          {1.3, -0.10817480950786047},
          {1.5, -0.12078223763524522},
          {1.999999, -4.227840125965854E-07},
          {2.000001, 4.2278465762452923E-07},
          {2.2, 0.09694746679063887},
          {2.5, 0.2846828704729192},
          {3.7, 1.428072326665388},
          {7.25, 7.0521854507385395},
          {11.99, 17.477885575426185},
          {12.0, 17.502307845873887},
          {100.5, 361.4355404677776},
          {10000000000.0, 220258509288.81058},
          {1E300, 6.897755278982137E302},
          {-0.5, 1.2655121234846454},
          {-1.5, 0.860047015376481},
          {-3.7, -1.3797399049658245},
          {-10.3, -14.457515440024208},
          {-0.001, 6.908333317515028}
        });
  }

  @Test
  void digamma() {
    check(
        Special::digamma,
        new double[][] {
          {1E-300, -9.999999999999999E299},
          {1E-05, -100000.57719921567},
          {0.1, -10.423754940411076},
          {0.49, -2.013716050695126},
          {0.5, -1.9635100260214235},
          {0.75, -1.0858608797864722},
          {1.0, -0.5772156649015329},
          {1.4, -0.06138454458511624},
          {1.49, 0.027100275835486194},
          {1.6, 0.12604745277347632},
          {2.0, 0.42278433509846713},
          {2.5, 0.7031566406452432},
          {3.3, 1.0348224890596216},
          {7.7, 1.9748820949131018},
          {11.9, 2.4339335368825377},
          {12.0, 2.442661679975812},
          {55.5, 4.0073469585404435},
          {10000000000.0, 23.025850929890456},
          {-0.25, 2.9141391202135276},
          {-1.7, -1.4857174995110567},
          {-10.4, 3.409878305635927}
        });
  }

  @Test
  void trigamma() {
    check(
        Special::trigamma,
        new double[][] {
          {1E-05, 10000000001.644909},
          {0.1, 101.43329915079275},
          {0.5, 4.934802200544679},
          {1.0, 1.6449340668482264},
          {1.5, 0.9348022005446793},
          {2.0, 0.6449340668482264},
          {3.3, 0.3535015418410618},
          {7.7, 0.13866710857111123},
          {11.99, 0.08697741048698757},
          {12.0, 0.08690187287176838},
          {55.5, 0.01818131736322176},
          {10000000000.0, 1.00000000005E-10},
          {-0.25, 18.541879647671607},
          {-1.7, 14.632201633884014},
          {-10.4, 10.819887302472727}
        });
  }

  @Test
  void log2() {
    check(
        Special::log2,
        new double[][] {
          {1E-300, -996.5784284662087},
          {1E-310, -1029.7977094150824},
          {0.1, -3.321928094887362},
          {0.999999, -1.4426957622784505E-06},
          {1.000001, 1.4426943194232382E-06},
          {1.49, 0.5753123306874368},
          {1.51, 0.5945485495503542},
          {3.0, 1.584962500721156},
          {10000000000.0, 33.219280948873624},
          {1.7E308, 1023.9193879716706}
        });
  }

  @Test
  void asinh() {
    check(
        Special::asinh,
        new double[][] {
          {1E-300, 1E-300},
          {1E-05, 9.999999999833334E-06},
          {0.3, 0.29567304756342244},
          {1.0, 0.881373587019543},
          {50.0, 4.605270170991424},
          {100000000.0, 19.11382792451231},
          {10000000000.0, 23.7189981105004},
          {1E300, 691.4686750787737},
          {-0.7, -0.6526665660823557}
        });
  }

  @Test
  void acosh() {
    check(
        Special::acosh,
        new double[][] {
          {1.0000001, 0.0004472135919037347},
          {1.5, 0.9624236501192069},
          {2.0, 1.3169578969248168},
          {100.0, 5.298292365610485},
          {100000000.0, 19.11382792451231},
          {10000000000.0, 23.7189981105004},
          {1E300, 691.4686750787737}
        });
  }

  @Test
  void atanh() {
    check(
        Special::atanh,
        new double[][] {
          {1E-300, 1E-300},
          {1E-05, 1.0000000000333334E-05},
          {0.3, 0.3095196042031117},
          {0.5, 0.5493061443340549},
          {0.9, 1.4722194895832204},
          {0.9999999, 8.40562139102231},
          {-0.7, -0.8673005276940531}
        });
  }

  @Test
  void sigmoid() {
    check(
        Special::sigmoid,
        new double[][] {
          {-700.0, 9.85967654375977E-305},
          {-40.0, 4.248354255291589E-18},
          {-1.0, 0.2689414213699951},
          {0.0, 0.5},
          {0.3, 0.574442516811659},
          {5.0, 0.9933071490757152},
          {40.0, 1.0},
          {800.0, 1.0}
        });
  }

  @Test
  void edges() {
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(1, Special.erf(infinity));
    assertEquals(-1, Special.erf(-infinity));
    assertEquals(0, Special.erfc(infinity));
    assertEquals(2, Special.erfc(-infinity));
    assertEquals(infinity, Special.erfinv(1));
    assertEquals(-infinity, Special.erfinv(-1));
    assertEquals(Double.NaN, Special.erfinv(1.5));
    assertEquals(0, Special.lgamma(1));
    assertEquals(0, Special.lgamma(2));
    assertEquals(infinity, Special.lgamma(0));
    assertEquals(infinity, Special.lgamma(-3));
    assertEquals(infinity, Special.lgamma(-infinity));
    assertEquals(-infinity, Special.digamma(0.0));
    assertEquals(infinity, Special.digamma(-0.0));
    assertEquals(Double.NaN, Special.digamma(-2));
    assertEquals(infinity, Special.digamma(infinity));
    assertEquals(infinity, Special.trigamma(0));
    assertEquals(0, Special.trigamma(infinity));
    assertEquals(-infinity, Special.log2(0));
    assertEquals(Double.NaN, Special.log2(-1));
    assertEquals(infinity, Special.log2(infinity));
    assertEquals(Double.NaN, Special.acosh(0.5));
    assertEquals(Double.NaN, Special.acosh(-1e30));
    assertEquals(infinity, Special.atanh(1));
    assertEquals(-infinity, Special.atanh(-1));
    assertEquals(Double.NaN, Special.atanh(2));
    assertEquals(-infinity, Special.asinh(-infinity));
  }

  @Test
  void nanStays() {
    DoubleUnaryOperator[] functions = {
      Special::erf, Special::erfc, Special::erfinv, Special::lgamma, Special::digamma,
      Special::trigamma, Special::log2, Special::asinh, Special::acosh, Special::atanh,
      Special::sigmoid,
    };
    for (DoubleUnaryOperator function : functions) {
      assertEquals(Double.NaN, function.applyAsDouble(Double.NaN));
    }
  }

  @Test
  void theLogarithmOfAPowerOfTwoIsExact() {
    for (int n = -1022; n < 1024; n++) {
      assertEquals(n, Special.log2(Math.scalb(1.0, n)));
    }
  }
}
