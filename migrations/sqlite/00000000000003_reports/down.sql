DROP TABLE report_version;
DROP TABLE report;
DROP TABLE form_period;
DROP TABLE metric;
