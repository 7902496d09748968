// A PDF and flavours -> veraPDF's verdicts, a line each, tab between fields.
//
//   version  1.2.3
//   verdict  FLAVOUR  RULES  ASSERTIONS  FAILED-RULES
//   failure  FLAVOUR  RULE  TIMES  WHAT THE STANDARD ASKS  WHERE IT FAILED FIRST
//
// java -cp ENGINE.jar:JAXB.jar VeraCheck.java book.pdf ua1 3a
// Exits with 0 whatever the verdicts; with another code when the engine could not judge.

import java.io.File;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.LogManager;
import org.verapdf.ReleaseDetails;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

public final class VeraCheck {
    private static final int SHOWN = 1000; // failed assertions that the engine keeps

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        // The engine logs every oddity of a PDF; only its verdict counts.
        LogManager.getLogManager().reset();
        File file = new File(arguments[0]);
        print("version", ReleaseDetails.getInstance().getVersion());
        for (int i = 1; i < arguments.length; i++) {
            PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[i]);
            if (flavour == PDFAFlavour.NO_FLAVOUR) {
                throw new IllegalArgumentException("no such flavour: " + arguments[i]);
            }
            judge(file, flavour);
        }
    }

    private static void judge(File file, PDFAFlavour flavour) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance()
                                .createValidator(flavour, SHOWN, false, false, false)) {
            ValidationResult result = validator.validate(parser);
            print(
                    "verdict",
                    flavour.getId(),
                    result.getValidationProfile().getRules().size(),
                    result.getTotalAssertions(),
                    result.getFailedChecks().size());
            Map<RuleId, TestAssertion> first = new HashMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    first.putIfAbsent(assertion.getRuleId(), assertion);
                }
            }
            result.getFailedChecks()
                    .forEach((rule, times) -> report(flavour, rule, times, first.get(rule)));
        }
    }

    private static void report(PDFAFlavour flavour, RuleId rule, int times, TestAssertion shown) {
        print(
                "failure",
                flavour.getId(),
                rule.getClause() + "-" + rule.getTestNumber(),
                times,
                shown == null ? "" : shown.getMessage(),
                shown == null ? "" : shown.getLocation().getContext());
    }

    private static void print(Object... fields) {
        StringBuilder line = new StringBuilder();
        for (Object field : fields) {
            line.append(line.length() == 0 ? "" : "\t");
            line.append(String.valueOf(field).replaceAll("\\s+", " "));
        }
        System.out.println(line);
    }
}
