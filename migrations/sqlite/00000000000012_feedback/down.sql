DROP TABLE feedback_step;
DROP TABLE feedback;
